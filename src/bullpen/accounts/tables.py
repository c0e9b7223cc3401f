"""How people sign in: passwords, sessions, links that work once, second factors, failed attempts.

Nothing here can be used to sign in: passwords and codes are hashed, and the secrets of
authenticator apps are encrypted with a key that is not in the database.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from bullpen.kit.tables import Base


def now() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), server_default=func.now())


def of_person(*, primary_key: bool = False, nullable: bool = False) -> Mapped[str]:
    key = ForeignKey("people.id", ondelete="CASCADE", onupdate="CASCADE")
    return mapped_column(Text, key, primary_key=primary_key, nullable=nullable)


class Credential(Base):
    """A person without a row has no password."""

    __tablename__ = "credentials"

    person_id: Mapped[str] = of_person(primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = now()


class SignInSession(Base):
    """A browser in which somebody is signed in; the cookie has the token, the row its hash."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        Index(None, "token_hash", unique=True),
        Index(None, "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    person_id: Mapped[str] = of_person()
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = now()
    last_used_at: Mapped[datetime] = now()
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    user_agent: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)


class Link(Base):
    """A link that works once. `person_id` is whom a reset or a new address is for."""

    __tablename__ = "links"
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'reset', 'owner', 'email')", name="kind"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        CheckConstraint("role IN ('owner', 'admin', 'member', 'guest')", name="role"),
        CheckConstraint(
            "(kind = 'invitation') = (role IS NOT NULL)"
            " AND (kind IN ('invitation', 'email')) = (email IS NOT NULL)"
            " AND (kind IN ('reset', 'email')) = (person_id IS NOT NULL)",
            name="fields",
        ),
        Index(None, "token_hash", unique=True),
        Index(None, "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    kind: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[str | None] = of_person(nullable=True)
    channel_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    # Null for the command line, and for a forgotten password.
    created_by: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = now()
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Totp(Base):
    """An authenticator app. It counts from `confirmed_at` on; a step's code is taken once."""

    __tablename__ = "totp"

    person_id: Mapped[str] = of_person(primary_key=True)
    encrypted_secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = now()
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class RecoveryCode(Base):
    __tablename__ = "recovery_codes"
    __table_args__ = (CheckConstraint("octet_length(code_hash) = 32", name="code_hash"),)

    person_id: Mapped[str] = of_person(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OidcIdentity(Base):
    """An account at an OpenID provider, and the person whose it is."""

    __tablename__ = "oidc_identities"
    __table_args__ = (Index(None, "person_id"),)

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[str] = of_person()
    created_at: Mapped[datetime] = now()


class SignInAttempt(Base):
    """How many attempts of a kind have failed since `began_at`. The keys are hashed into a fixed
    number of buckets, so the table stays small however many are tried."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (CheckConstraint("kind IN ('account', 'address', 'mail')", name="kind"),)

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    failures: Mapped[int]
    began_at: Mapped[datetime] = now()
