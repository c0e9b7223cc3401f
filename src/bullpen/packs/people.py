"""The people of a pack, who are written in pack.yaml, and their rows."""

from datetime import datetime, timedelta

from bullpen.packs.file_models import WrittenPack
from bullpen.packs.insert import Row
from bullpen.packs.pack import Pack, PackPerson


def read_people(head: WrittenPack | None) -> tuple[PackPerson, ...]:
    return tuple(
        PackPerson(
            id=person.id,
            display_name=person.display_name,
            title=person.title,
            avatar_color=person.avatar_color,
            role=person.role,
            email=person.email,
            time_zone=person.time_zone,
            presence=person.presence,
            status_emoji=person.status.emoji if person.status else None,
            status_text=person.status.text if person.status else None,
        )
        for person in (head.people if head else ())
    )


def person_rows(pack: Pack, now: datetime) -> list[Row]:
    """After the agents, a microsecond apart, since users are listed in the order they came."""
    return [
        {
            "id": person.id,
            "display_name": person.display_name,
            "title": person.title,
            "avatar_color": person.avatar_color,
            "email": person.email,
            "role": person.role,
            "time_zone": person.time_zone,
            "is_active": True,
            "created_at": now + timedelta(microseconds=place),
            "updated_at": now,
        }
        for place, person in enumerate(pack.people)
    ]
