"""The directory's tables; what proves who somebody is stands in tables no form, filter, export or history reaches."""

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from mainstay.records.models import KeyOf, Record, parent, to


class Organisation(Record):
    """A department, or a customer of a provider; people of a confined one see nothing outside it."""

    record_ptr = parent()
    parent = to("directory.Organisation")
    is_confined = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=("parent",), name="organisation_parent")]


class Site(Record):
    """A place where people work or equipment stands."""

    record_ptr = parent()
    address = models.CharField(max_length=400, default="", blank=True)
    time_zone = models.CharField(max_length=60, default="UTC", blank=True)


class Skill(Record):
    """Something a person can be good at; who has it, and how well, is a fact about the person."""

    record_ptr = parent()
    description = models.TextField(default="", blank=True)


class Team(Record):
    """People who share work; a restricted team's records exist for its members and their requesters alone."""

    record_ptr = parent()
    description = models.TextField(default="", blank=True)
    email = models.EmailField(default="", blank=True)
    is_restricted = models.BooleanField(default=False)
    capacity = models.PositiveSmallIntegerField("Room per person", null=True, blank=True)


class User(Record):
    """A person. Never deleted: a leaver is marked, and what they still hold is shown."""

    record_ptr = parent()
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(max_length=254, default="", blank=True)
    phone = models.CharField(max_length=60, default="", blank=True)
    job_title = models.CharField(max_length=120, default="", blank=True)
    site = to("directory.Site")
    language = models.CharField(max_length=12, default="", blank=True)
    time_zone = models.CharField(max_length=60, default="", blank=True)
    is_vip = models.BooleanField("VIP", default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    is_anonymous = False
    is_authenticated = True

    class Meta:
        indexes = [
            models.Index(fields=("site",), name="user_site"),
            models.Index(fields=("email",), name="user_email"),
        ]

    @property
    def is_active(self) -> bool:
        return self.is_open


class Membership(models.Model):
    """A person's place in a team."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("team", "user"), name="membership_once")]
        indexes = [models.Index(fields=("user", "team"), name="membership_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class PersonSkill(models.Model):
    """How well a person has a skill: 1 learning, 2 able, 3 able to teach."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "skill"), name="person_skill_once")]
        indexes = [models.Index(fields=("skill", "user"), name="person_skill_skill")]

    def __str__(self) -> str:
        return f"{self.user_id} knows {self.skill_id}"


class RoleGrant(models.Model):
    """A role a person holds: everywhere, for one team's records, or for one organisation's."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=40)
    team = to("directory.Team")
    organisation = to("directory.Organisation")

    class Meta:
        indexes = [
            models.Index(fields=("user", "role"), name="role_grant_user"),
            models.Index(fields=("team",), name="role_grant_team"),
            models.Index(fields=("organisation",), name="role_grant_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role}"


class Credential(models.Model):
    """A person's password hash; the hash of nothing else about them."""

    user = KeyOf(User, models.PROTECT, primary_key=True, related_name="+")
    password = models.CharField(max_length=256)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"credential of {self.user_id}"


class Session(models.Model):
    """A signed-in browser; only a digest of its cookie is stored, and ending the row ends it everywhere."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=("user",), name="session_user"),
            models.Index(fields=("expires_at",), name="session_expiry"),
        ]

    def __str__(self) -> str:
        return f"session of {self.user_id}"


class Token(models.Model):
    """A key for a program: stored hashed, limited by scopes and by time."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    first_used_at = models.DateTimeField(null=True)
    # One that was taken back stays, so that whoever tries it all the same is no stranger to the audit.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=("user",), name="token_user")]

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"


class Welcome(models.Model):
    """A one-time link by which the first administrator of a new site begins."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return "welcome"


class Throttle(models.Model):
    """How often something was tried lately: sign-ins by login and by address, requests by token."""

    key = models.CharField(max_length=64, primary_key=True)
    window = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


def digest_of(secret: str, key: str | None = None) -> str:
    """What is stored of a cookie, token or link; the secret itself is nowhere."""
    return salted_hmac("mainstay.directory", secret, secret=key, algorithm="sha256").hexdigest()


def digests_of(secret: str) -> list[str]:
    """Under today's key first, then under those it took the place of."""
    return [digest_of(secret), *(digest_of(secret, key) for key in settings.SECRET_KEY_FALLBACKS)]
