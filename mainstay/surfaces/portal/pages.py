"""The pages of the portal: home, ask, my requests, follow and answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from mainstay.directory.audit import noting
from mainstay.directory.record import STAFF, user
from mainstay.pure.rules import Actor, By
from mainstay.records import access, by_title, commands, fields, history, queries, undoing
from mainstay.records.errors import Denied, Illegal, Invalid, Missing
from mainstay.records.rows import Row
from mainstay.records.stretch import NO_END, Stretch
from mainstay.records.types import Message, RecordType, shelf
from mainstay.surfaces.portal import above, asked, mine, words
from mainstay.surfaces.web import forms, record, shell, talking, timeline
from mainstay.surfaces.web.answers import is_fragment, only, redirect, signed_in, taken_back
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page

DOOR = "portal"
# What an address may bring; one that is too long for a title is told of in the form, and not cut.
LONGEST_TITLE = 2000
# The field that names whom a request is for.
FOR = "requested_for"
OVER = ("closed", "cancelled")
DECISIONS = ("agree", "object")
# What a person did last is among so many events.
LOOKED_BACK = 50


@signed_in
@only("GET", "HEAD")
def home(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    # What is the person's turn stands first, what is finished does not stand here.
    theirs, current = mine.newest(actor, mine.needs_person), mine.newest(actor, mine.goes_on)
    numbers = {request.row["number"] for request in theirs}
    shown = [*theirs, *(r for r in current if r.row["number"] not in numbers)]
    context = {
        "here": "home",
        "title": _("Help"),
        "invitations": mine.invitations(actor),
        "requests": shown[: mine.AT_HOME],
        "total": mine.count(actor),
        "above": above.panels(actor),
    }
    return _page(request, "portal/home.html", context)


@signed_in
@only("GET", "HEAD")
def requests(request: HttpRequest) -> HttpResponse:
    shown, going_on = mine.page(request.actor, request.GET.get("after", ""))
    context = {
        "here": "requests",
        "title": _("My requests"),
        "theirs": [r for r in shown if r.standing.needs_person],
        "goes_on": [r for r in shown if r.is_open and not r.standing.needs_person],
        "over": [r for r in shown if not r.is_open],
        "requests": shown,
        "next": going_on,
        "is_start": "after" not in request.GET,
    }
    return _page(request, "portal/requests.html", context)


@signed_in
@only("GET", "HEAD", "POST")
def ask(request: HttpRequest, address: str = "") -> HttpResponse:
    """The form for one kind of request; without an address the first there is."""
    rtype = next((t for t in mine.invitations(request.actor) if address in ("", _word(t))), None)
    if rtype is None:
        return _asked_before(request, address)
    names = _asked_of(rtype, request.actor)
    if request.method != "POST":
        start = {
            **forms.defaults(rtype, names),
            "title": request.GET.get("title", "")[:LONGEST_TITLE],
        }
        return _ask_form(request, rtype, names, start)
    data = {
        n: v
        for n, v in forms.read(rtype, names, request.POST, request.actor).items()
        if v is not None
    }
    if untaken := talking.untakable(request, rtype):
        return _ask_form(request, rtype, names, request.POST, untaken=untaken)
    files = asked.files_of(request)
    try:
        number, before = asked.made_once(rtype, data, files, _by(request), over=OVER)
    except Invalid as refusal:
        return _ask_form(request, rtype, names, request.POST, refusal)
    if before is not None:
        asked.leave_new(request, rtype, _by(request), number, files, before)
    told = talking.attach(request, rtype, number, "all", _by(request)) or _told(before)
    return redirect(f"/portal/requests/{number}/", told)


def _told(before: Any) -> str:
    """What is said once it is sent; `before` is something where it had been sent already."""
    if before is None:
        return _("Sent. We answer here.")
    return _("You had sent this already: here it is. Say here what is new.")


def _word(rtype: RecordType) -> str:
    return rtype.invitation.address if rtype.invitation else ""


def _asked_before(request: HttpRequest, name: str) -> HttpResponse:
    """Under the type's own name it stood once: what is sent there goes on, too, with all that is in it."""
    rtype = next((t for t in mine.invitations(request.actor) if t.name == name), None)
    if rtype is None:
        raise Missing
    rest = f"?{query}" if (query := request.META["QUERY_STRING"]) else ""
    return HttpResponsePermanentRedirect(
        f"/portal/ask/{_word(rtype)}/{rest}", preserve_request=True
    )


def _asked_of(rtype: RecordType, actor: Actor) -> list[str]:
    """What the form asks: a person is chosen by those who find people."""
    known = fields.visible(rtype, actor)
    there = [n for n in rtype.portal_form if n in known]
    return [n for n in there if known[n].target != user.name or access.may_ever(STAFF, actor)]


def _ask_form(
    request: HttpRequest,
    rtype: RecordType,
    names: list[str],
    values: Any,
    refusal: Invalid | None = None,
    untaken: Sequence[str] = (),
) -> HttpResponse:
    errors = forms.clearer(refusal.fields, rtype, values, request.actor) if refusal else {}
    questions = (
        {n: say(q) for n, q in rtype.invitation.questions.items()} if rtype.invitation else {}
    )
    # A form that comes back holds what was typed, whatever its address once brought.
    is_begun = request.method != "POST" and values["title"].strip()
    context = {
        "here": "ask",
        "title": say(rtype.invitation.label) if rtype.invitation else say(rtype.label),
        "rtype": rtype,
        "begun": "title" if is_begun else "",
        "inputs": [
            (_answered(i, rtype), questions.get(i.name, i.label), _options(i, request.actor, rtype))
            for i in forms.inputs(rtype, names, values, errors=errors)
        ],
        "errors": [
            (n, questions[n] + ": " + text.partition(": ")[2] if n in questions else text)
            for n, text in [*forms.summary(errors, rtype), *_of_files(untaken)]
        ],
        "limit": _limit(rtype),
        "untaken": untaken,
        "above": above.panels(request.actor),
    }
    return _page(request, "portal/ask.html", context, status=422 if refusal or untaken else 200)


def _limit(rtype: RecordType) -> Any:
    """Of the files it takes, in words and figures; None where it takes none."""
    limit = rtype.offer("limit")
    return limit() if limit else None


def _of_files(untaken: Sequence[str]) -> list[tuple[str, str]]:
    """Each with the field it leads to."""
    return [("files", text) for text in untaken]


def _answered(drawn: forms.Input, rtype: RecordType) -> forms.Input:
    """With answers in the words of whoever asks, where the invitation has some; as cards where it says what each means.

    What may stay open stays a list: a card that is chosen could not be left again.
    """
    if rtype.invitation is None:
        return drawn
    answers = rtype.invitation.answers.get(drawn.name)
    if answers:
        drawn = replace(drawn, choices=tuple((str(v), say(words)) for v, words in answers.items()))
    meanings = {str(v): say(m) for v, m in rtype.invitation.meanings.get(drawn.name, {}).items()}
    if not meanings or not drawn.is_needed:
        return drawn
    picks = (forms.Pick(value, words, meanings[value]) for value, words in drawn.choices)
    return replace(drawn, picks=tuple(picks))


def _options(drawn: forms.Input, actor: Actor, rtype: RecordType) -> list[dict[str, str]] | None:
    """A list to choose from for a reference: nobody outside knows numbers. Of people there are too many."""
    if drawn.widget != "ref" or fields.of(rtype)[drawn.name].target == user.name:
        return None
    return by_title.options(shelf.type(fields.of(rtype)[drawn.name].target), actor, size=200)


@signed_in
@only("GET", "HEAD")
def follow(request: HttpRequest, number: str) -> HttpResponse:
    rtype, row = _one(request, number)
    if number != row["number"]:
        return redirect(f"/portal/requests/{row['number']}/")
    shell.opened(request, rtype, row)
    return _follow(request, rtype, row)


def _follow(
    request: HttpRequest,
    rtype: RecordType,
    row: Row,
    complaint: str = "",
    status: int = 200,
    kept: str = "",
    untaken: Sequence[str] = (),
    *,
    is_apart: bool = False,
) -> HttpResponse:
    """Its page; what was typed stands in the form that is there by now, or apart where it means something else."""
    until = record.before(request)
    said = timeline.told(rtype, request.actor, row, "conversation", before=until)
    answers = (e for e in reversed(said.entries) if e.text and not e.is_inbound)
    possible = {move.name for move in queries.moves(rtype, request.actor, row)}
    decisions = words.decisions(rtype, row, possible)
    is_confirmed = row["kind"] == "closed" and history.mover(row.facts.id) == request.actor.id
    context = {
        "here": "requests",
        "title": row["number"],
        "rtype": rtype,
        "row": row,
        "body": record.body_of(rtype, row),
        "solution": _solution(rtype, request.actor, row),
        "standing": words.standing(row),
        "track": words.track(row, is_confirmed=is_confirmed),
        "said": said,
        "said_last": "" if until != NO_END else asked.last_said(request.actor, said.entries),
        "is_past": until != NO_END,
        "question": next(answers, None),
        "decisions": decisions,
        "may_withdraw": bool(words.withdrawal(rtype, row, possible)),
        "may_answer": row["kind"] not in OVER
        and queries.may(rtype, request.actor, "note", row)
        and rtype.offer("say") is not None,
        "limit": _limit(rtype),
        "untaken": untaken,
        # Beside a decision there is no field of files.
        "lines": [("", text) for text in untaken] if decisions else _of_files(untaken),
        "text": "" if is_apart else request.POST.get("text", ""),
        "is_apart": is_apart,
        "complaint": complaint,
        "kept": kept,
        "may_step_back": rtype.offer("step_back") is not None
        and row.facts.requested_for_id == request.actor.id,
        "chooses": _whom_it_is_for(rtype, request.actor, row),
    }
    return _page(request, "portal/follow.html", context, status=status)


def _whom_it_is_for(rtype: RecordType, actor: Actor, row: Row) -> forms.Input | None:
    """The field in which who asked names somebody, for as long as it goes on."""
    may = rtype.offer("may_request_for")
    if may is None or not may(rtype, actor, row.facts) or not access.may_ever(STAFF, actor):
        return None
    if row["kind"] in OVER:
        return None
    return forms.inputs(rtype, (FOR,), row)[0]


def _solution(rtype: RecordType, actor: Actor, row: Row) -> list[str]:
    """How it was solved, for as long as it is."""
    if row["kind"] not in ("resolved", "closed"):
        return []
    return [text for _label, text in record.texts_of(rtype, actor, row)]


@signed_in
@only("POST")
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """What the person has to say, with files."""
    rtype, row = _one(request, number)
    if row["kind"] in OVER and rtype.offer("say") is not None:
        return _too_late(request, rtype, row)
    if untaken := talking.untakable(request, rtype):
        text = request.POST.get("text", "")
        return _follow(request, rtype, row, status=422, kept=text, untaken=untaken)
    if asked.is_said(rtype, request.actor, row, request.POST.get("text", "")):
        return _said_already(request, rtype, row)
    try:
        refused = talking.say(request, rtype, row["number"], "all", _by(request))
    except Invalid as refusal:
        complaint = " ".join(say(text) for texts in refusal.fields.values() for text in texts)
        return _follow(request, rtype, row, complaint, status=422)
    return redirect(f"/portal/requests/{row['number']}/", refused or _("Sent."))


def _said_already(request: HttpRequest, rtype: RecordType, row: Row) -> HttpResponse:
    """To where it stands, with the files that did not come along the first time."""
    here = f"/portal/requests/{row['number']}/"
    files = asked.files_of(request)
    asked.leave_new(request, rtype, _by(request), row["number"], files, files)
    untaken = talking.attach(request, rtype, row["number"], "all", _by(request))
    return redirect(here, untaken or _("You had sent this already: it stands below."))


@signed_in
@only("POST")
def request_for(request: HttpRequest, number: str) -> HttpResponse:
    """Who asked says for whom."""
    rtype, row = _one(request, number)
    name = rtype.offer("request_for")
    if name is None:
        raise Missing
    [person] = forms.read(rtype, (FOR,), request.POST, request.actor).values()
    try:
        name(rtype, row["number"], person or "", _by(request))
    except Invalid as refusal:
        complaint = " ".join(say(text) for texts in refusal.fields.values() for text in texts)
        return _follow(request, rtype, row, complaint, status=422)
    return redirect(f"/portal/requests/{row['number']}/", _("Saved."))


@signed_in
@only("POST")
def step_back(request: HttpRequest, number: str) -> HttpResponse:
    """Whoever it was requested for wants no part in it; they may not see it any more."""
    rtype, row = _one(request, number)
    step = rtype.offer("step_back")
    if step is None:
        raise Missing
    step(rtype, row["number"], _by(request))
    return redirect("/portal/requests/", _("This is no longer among your requests."))


@signed_in
@only("POST")
def decide(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Agree with a solution, or say that it does not work."""
    rtype, row = _one(request, number)
    possible = {move.name for move in queries.moves(rtype, request.actor, row)}
    name = words.decisions(rtype, row, possible).get(verb)
    if name is None:
        # A step that is there, but for others, is not theirs to see; one of another time was seen by them.
        if verb not in DECISIONS or verb in words.decisions(rtype, row, words.steps_of(rtype, row)):
            raise Missing
        return _too_late(request, rtype, row)
    text = request.POST.get("text", "").strip()
    if verb == "object" and not text:
        return _follow(request, rtype, row, _("Say in a few words what does not work."), status=422)
    message = Message("all", text) if text else None
    moved = commands.move(rtype, row["number"], name, {}, _by(request), message=message)
    toast = _("Thank you, it is closed.") if verb == "agree" else _("We look at it again.")
    # What was said was said; and to object has words.
    undo = _undo(row, moved) if message is None else ""
    return redirect(f"/portal/requests/{row['number']}/", toast, undo)


def _undo(row: Row, moved: Any) -> str:
    """Where a form is sent that takes a step of one's own back."""
    return f"/portal/requests/{row['number']}/undo/{moved.last_event.pk}/"


@signed_in
@only("POST")
def undo(request: HttpRequest, number: str, event: int) -> HttpResponse:
    """A step of one's own is taken back; where it cannot be any more, the request says why."""
    rtype, row = _one(request, number)
    here = f"/portal/requests/{row['number']}/"
    if event not in _own_steps(rtype, request.actor, row):
        raise Missing
    try:
        undoing.take_back(rtype, row["number"], event, _by(request))
    except (Denied, Illegal, Invalid) as refusal:
        if is_fragment(request):
            raise
        noting.refused(request, _by(request), refusal)
        return redirect(here, str(refusal))
    return taken_back(request, here, _("Taken back."))


def _own_steps(rtype: RecordType, actor: Actor, row: Row) -> list[int]:
    """Of the newest events those by which the person moved it: whatever else they may change is not offered here."""
    newest, _older = history.page(rtype, actor, row, Stretch(size=LOOKED_BACK, newest=True))
    return [
        event["id"]
        for event in newest
        if "state" in event["changes"]
        and event["actor"]
        and event["actor"]["number"] == actor.number
    ]


@signed_in
@only("POST")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """It is needed no longer; why is theirs to say."""
    rtype, row = _one(request, number)
    possible = {move.name for move in queries.moves(rtype, request.actor, row)}
    name = words.withdrawal(rtype, row, possible)
    if not name:
        if words.withdrawal(rtype, row, words.steps_of(rtype, row)):
            raise Missing
        return _too_late(request, rtype, row, is_apart=True)
    text = request.POST.get("text", "").strip()
    message = Message("all", text) if text else None
    try:
        moved = commands.move(rtype, row["number"], name, {}, _by(request), message=message)
    except Invalid as refusal:
        complaint = " ".join(say(text) for texts in refusal.fields.values() for text in texts)
        return _follow(request, rtype, row, complaint, status=422)
    undo = _undo(row, moved) if message is None else ""
    return redirect(f"/portal/requests/{row['number']}/", _("Withdrawn."), undo)


def _too_late(
    request: HttpRequest, rtype: RecordType, row: Row, *, is_apart: bool = False
) -> HttpResponse:
    """Back to the request with a sentence; what was written stays to be read and taken along."""
    sentence = words.too_late(row)
    if asked.is_said(rtype, request.actor, row, request.POST.get("text", "")):
        return _said_already(request, rtype, row)
    if request.POST.get("text", "").strip():
        kept = request.POST["text"]
        return _follow(request, rtype, row, sentence, status=409, kept=kept, is_apart=is_apart)
    return redirect(f"/portal/requests/{row['number']}/", sentence)


def _one(request: HttpRequest, number: str) -> tuple[RecordType, Row]:
    """A record the person is a caller of; another one they may see in the workspace is not here."""
    rtype, found = queries.find(request.actor, number)
    if rtype.invitation is None:
        raise Missing
    row = queries.one(rtype, request.actor, found["number"], python=True)
    if not access.is_caller(request.actor, row.facts):
        raise Missing
    noting.looked(request, _by(request), row)
    return rtype, row


def _by(request: HttpRequest) -> By:
    return By(request.actor, DOOR)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return page(
        request, template, {"has_desk": shell.works_here(request.actor), **context}, status=status
    )
