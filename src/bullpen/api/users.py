from fastapi import APIRouter, Response

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.session import ActorOf
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Id
from bullpen.members import queries

router = APIRouter(prefix="/api/users", tags=["users"], responses=errors.DOCUMENTED)


@router.get("", response_model=list[schemas.User])
async def list_users(database: DatabaseOf, actor: ActorOf) -> Response:
    return answer(await queries.list_users(database, actor))


@router.get("/{user_id}", response_model=schemas.User)
async def get_user(user_id: Id, database: DatabaseOf, actor: ActorOf) -> Response:
    return answer(await queries.get_user(database, actor, user_id))
