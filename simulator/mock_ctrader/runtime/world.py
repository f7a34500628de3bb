"""One plant with everything that hangs on it: state, journal, the CRMs it talks to, the journeys played on it."""

import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from mock_ctrader.backend import faulty
from mock_ctrader.backend.crm import CrmLink
from mock_ctrader.backend.enqueued import AnswerQueue
from mock_ctrader.backend.gateway import Answer, handle, lost, too_deep
from mock_ctrader.backend.sessions import OpenSessions
from mock_ctrader.chance import Chance
from mock_ctrader.contract import xml
from mock_ctrader.contract.addresses import Place
from mock_ctrader.contract.answering import refuse
from mock_ctrader.contract.calls.managers import MANAGER_TOKEN
from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.contract.endpoint import Dialect
from mock_ctrader.contract.reading import Problem, is_deeper, read_json
from mock_ctrader.contract.variant import STANDARD, EditionName, Variant
from mock_ctrader.errors import RequestError
from mock_ctrader.faults import Effect, Faults
from mock_ctrader.journal.entry import NO_STEP, Entry, Step
from mock_ctrader.journal.journal import Journal
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.runtime import watching
from mock_ctrader.runtime.correlation import Cast, subjects_of
from mock_ctrader.runtime.description import PlantDescription, check, in_edition, options_of
from mock_ctrader.runtime.ledger import AnyRecord, Called, Done, Ledger, Told
from mock_ctrader.runtime.recording import Draft, Recorded, begin, complete
from mock_ctrader.timing import Clock
from mock_ctrader.transports.limits import Limits
from mock_ctrader.wire import Direction, Request, Response

NAMES = 10_000
"""Scenarios whose playings are counted; the one that was played first is then played for the first time again."""
OnCrash = Callable[[str], None]
"""Told the traceback when a handler breaks."""


class World:
    """A plant at work. Two worlds share nothing."""

    def __init__(
        self,
        plant: Plant,
        journal: Journal,
        clock: Clock,
        on_crash: OnCrash,
        variant: Variant = STANDARD,
        description: PlantDescription | None = None,
        *,
        json_depth: int = Limits().json_depth,
    ) -> None:
        self.plant = plant
        self.variant = variant
        """What is spoken now; in another edition than the plant's own while journeys are played in that one."""
        self._own = (variant, plant.options)
        self._in_edition = 0
        self.description = description or PlantDescription()
        """What the plant was made from."""
        self.journal = journal
        self.clock = clock
        self.cast = Cast()
        self.sessions = OpenSessions()
        self.answers = AnswerQueue()
        """Answers that wait for calls of the broker."""
        self.faults = Faults(plant.chance.child("faults"), plant.name)
        """What is to go wrong."""
        self._on_crash = on_crash
        self._json_depth = json_depth
        self._crms: dict[tuple[CrmAddress, str], CrmLink] = {}
        self.played: dict[str, int] = {}
        """How often each scenario was played."""
        self.people = 0
        """How many people came to the screens so far."""
        self.ledger: Ledger | None = None
        """Where what happens is noted, if it is."""
        self._is_telling = True
        self._is_retired = False

    def keep_in(self, ledger: Ledger) -> None:
        """Note from now on what happens, so that it can be told again."""
        self.ledger = ledger
        self.plant.witness = self._done

    def note(self, record: AnyRecord) -> None:
        """Note what happened, unless it is part of something that will be noted as a whole."""
        if self.ledger is not None and self._is_telling and (isinstance(record, Told) or not self._is_retired):
            self.ledger.note(record)

    def retire(self) -> None:
        """Note nothing any more but what is said: another world has taken this one's place, or the plant is gone."""
        self._is_retired = True
        self.plant.witness = None

    @contextmanager
    def as_one(self) -> Generator[None]:
        """Note nothing of what is done inside: whoever does it notes it as a whole."""
        before, self._is_telling = self._is_telling, False
        try:
            yield
        finally:
            self._is_telling = before

    async def kept(self) -> None:
        """Return when all that happened so far is kept; what leaves the simulator waits for this.

        Raises:
            StoreError: it cannot be kept now.
        """
        if self.ledger is not None:
            await self.ledger.kept()

    def _done(self, name: str, arguments: tuple[Any, ...] = (), keywords: Mapping[str, Any] | None = None) -> None:
        if self.ledger is not None:
            self.note(Done(name, list(arguments), dict(keywords or {})))

    def crm(self, address: CrmAddress, password: str) -> CrmLink:
        """Return what the backend remembers of a CRM: its token lives as long as the plant."""
        return self._crms.setdefault((address, password), CrmLink(address, password))

    def name_journey(self, scenario: str) -> str:
        """Return a name of its own for the next playing of a scenario: ``sign-up``, then ``sign-up#2``."""
        count = self.played[scenario] = self.played.get(scenario, 0) + 1
        if len(self.played) > NAMES:
            del self.played[next(iter(self.played))]
            self.plant.drop("journeyNames", 1)
        self._done("name_journey", (scenario,))
        return scenario if count == 1 else f"{scenario}#{count}"

    @contextmanager
    def in_edition(self, edition: EditionName | None = None) -> Generator[None]:
        """Speak an edition while a journey is played: the plant's own if none is named.

        What was set for calls and statuses holds in it as well.

        Raises:
            RequestError: journeys are being played in another edition, and a plant speaks one at a time.
            SettingsError: the plant cannot speak it: edition 2023 has no currency without hundredths.
        """
        wanted = edition or self._own[0].edition
        if self._in_edition and wanted != self.variant.edition:
            what = f"plant '{self.plant.name}' speaks edition {self.variant.edition} until its journeys are over."
            raise RequestError(what, cure=f"Play the journey of edition {wanted} after them, or on another plant.")
        self.speak(wanted)
        self._in_edition += 1
        try:
            yield
        finally:
            self._in_edition -= 1
            if not self._in_edition:
                self.speak(self._own[0].edition)

    def speak(self, edition: EditionName | None = None) -> None:
        """Speak an edition from now on: the plant's own if none is named.

        Raises:
            SettingsError: the plant cannot speak it.
        """
        if edition == self.variant.edition:
            return
        if edition in (None, self._own[0].edition):
            self.variant, self.plant.options = self._own
        else:
            described = in_edition(self.description, edition)
            self.variant, self.plant.options = check(described), options_of(described)
        self._done("speak", (edition,))

    def next_person(self) -> Chance:
        """Return the source that the next person is drawn from: nobody comes twice."""
        self.people += 1
        self._done("next_person")
        return self.plant.chance.child(f"person/{self.people}")

    def record(self, direction: Direction, draft: Draft) -> AbstractContextManager[Draft]:
        """Enter an exchange in the journal around the work that makes it."""
        return Recorded(
            self.journal, self.clock, direction, draft, self._note_told if self.ledger is not None else None
        )

    def _note_told(self, entry: Entry) -> None:
        self.note(Told(entry))

    def answer(self, place: Place, request: Request, astray: str = "") -> Response:
        """Answer a call of the broker and record it; whatever happens inside, there is an answer.

        ``astray`` tells why the address leads to no plant, where it does not.
        """
        draft = Draft(request=request)
        begin(self.journal, self.clock, draft)
        try:
            answer = lost(place.path, request, astray) if astray else self._decide(place, request, draft)
            _fill(draft, answer)
            if answer.events:
                self._hear(answer)
            draft.step = self._whose(place, request, answer)
        finally:
            entry = complete(self.journal, self.clock, Direction.TO_CTRADER, draft)
            if self.ledger is not None and self._is_telling and not self._is_retired:
                fault, seconds = (draft.effect.fault.name, draft.effect.seconds) if draft.effect else ("", 0.0)
                self.ledger.note(Called(entry, place.environment, place.path, astray, fault, seconds, draft.is_idle))
            self.journal.record(entry, has_plain_answer=draft.has_plain_answer)
        return answer.response

    @property
    def is_prompt(self) -> bool:
        """Whether answers are given without delay: nothing is to go wrong, and none was put there to be given."""
        return not self.faults.is_busy and not self.answers

    async def wait_for(self, endpoint: str, *, nth: int = 1, within: float = 5.0, after: int = 0) -> Entry:
        """Wait for a call; see ``watching.wait_for``."""
        return await watching.wait_for(self.journal, endpoint, nth=nth, within=within, after=after)

    def on(self, endpoint: str, callback: watching.OnCall) -> Callable[[], None]:
        """Call back with each call of an endpoint; see ``watching.on``."""
        return watching.on(self.journal, endpoint, callback)

    def log_out(self, user_id: int) -> int:
        """End a user's sessions in all applications; return how many there were."""
        ended = len(self.sessions.of(user_id))
        self.sessions.drop(user_id)
        return ended

    def _struck(self, place: Place, request: Request, now: int) -> Effect | None:
        """Ask the faults about a call; whose it is, is known by whom the request names."""
        step = self.cast.step_for(subjects_of(body_of(request), request.parameters(), account_in(place.path)))
        called = faulty.called(place.path, request, self.variant, step.journey, step.number, step.name)
        return self.faults.strike(called, now) if called else None

    def _hear(self, answer: Answer) -> None:
        """Do at once what an event of the plant means for its applications."""
        for event in answer.events:
            if event.kind == "user_logged_out" and event.user_id is not None:
                self.sessions.drop(event.user_id)

    def _whose(self, place: Place, request: Request, answer: Answer) -> Step:
        """Find the journey that a call belongs to, and learn who else is spoken of in it."""
        if not self.cast.is_playing:
            return NO_STEP
        if answer.endpoint and answer.endpoint.id == MANAGER_TOKEN.id:
            # Its ``login`` is a manager's, who serves every journey.
            return self.cast.step_for(())
        named = (body_of(request), request.parameters(), body_of(answer.response), account_in(place.path))
        subjects = subjects_of(*named)
        step = self.cast.step_for(subjects)
        self.cast.know(step.journey, subjects)
        return step

    def _decide(self, place: Place, request: Request, draft: Draft) -> Answer:
        try:
            if request.body and is_deeper(request.body, self._json_depth):
                draft.is_idle = True
                return too_deep(place.path, self._json_depth, self.variant)
            if self.faults.is_busy:
                draft.effect = self._struck(place, request, draft.moment)
        except Exception:
            return self._failed(place)
        return self.work_on(place, request, draft.moment, draft.effect)

    def work_on(self, place: Place, request: Request, now: int, effect: Effect | None = None) -> Answer:
        """Work on a call, as a fault has it if one strikes; it is not recorded."""
        witness, self.plant.witness = self.plant.witness, None  # the call is noted as a whole
        try:
            if effect is None:
                return self._work(place, request, now)
            work = partial(self._work, place, request, now)
            return faulty.answer(effect, place.path, request, self.variant, work)
        except Exception:
            return self._failed(place)
        finally:
            self.plant.witness = witness

    def _work(self, place: Place, request: Request, now: int) -> Answer:
        enqueued = self.answers.answer(place.path, request, self.variant) if self.answers else None
        return enqueued or handle(self.plant, place.environment, place.path, request, now, self.variant)

    def _failed(self, place: Place) -> Answer:
        self._on_crash(traceback.format_exc())
        refusal = Refusal(Code.UNKNOWN_ERROR, "the simulator failed; its log says how")
        dialect = Dialect.WEBSERV if "/webserv/" in place.path else Dialect.CID
        return Answer(refuse(dialect, refusal, self.variant.errors))


def _fill(draft: Draft, answer: Answer) -> None:
    """Say in a recording what was answered; what was never worked on has no answer that could have been sent."""
    is_sent = bool(answer.response.status)
    draft.endpoint = answer.endpoint.id if answer.endpoint else ""
    draft.violations = answer.violations
    draft.response = answer.response if is_sent else None
    draft.error = "" if is_sent else faulty.UNTOUCHED
    draft.events = tuple([event.kind for event in answer.events]) if answer.events else ()
    draft.facts = answer.facts
    draft.has_plain_answer = answer.is_plain


def body_of(message: Request | Response | None) -> Mapping[str, object]:
    """Return the body of a message as an object; nothing where it is none."""
    if message is None or not message.body:
        return {}
    if message.body.lstrip()[:1] == b"<":
        found = xml.read(message.body)
        return {} if isinstance(found, str) else found
    read = read_json(message.body)
    return {} if isinstance(read, Problem) else read


def account_in(path: str) -> Mapping[str, object]:
    """Return the account that a path names: ``/v2/webserv/traders/8000001/changebalance``."""
    numbers = [part for part in path.split("/") if part.isdigit()]
    return {"login": numbers[-1]} if numbers else {}
