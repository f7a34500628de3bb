"""The JSON Schema of the format, made of the loader's own tables: editors complete and check files with it."""

from collections.abc import Collection, Mapping, Sequence

from mock_ctrader.faults import FAULTS
from mock_ctrader.scenario import durations, vocabulary
from mock_ctrader.scenario.vocabulary import Keys, Value, Verb

Schema = dict[str, object]

_TEXT: Schema = {"type": ["string", "number"]}
_FLAG: Schema = {"type": "boolean"}
_TIME: Schema = {"type": "string", "pattern": rf"^({durations.PATTERN})$|\$\{{"}
_REFERENCE: Schema = {"type": "string", "pattern": r"^\$\{[^}]+\}$"}
_NAMES: Schema = {"pattern": f"^{vocabulary.NAME}$"}
_RULES: Schema = {"$ref": "#/$defs/rules"}
_MATCHER: Schema = {"$ref": "#/$defs/matcher"}
_ENDPOINT: Schema = {"$ref": "#/$defs/endpoint"}
_SCALAR: Schema = {"$ref": "#/$defs/scalar"}
_STEPS: Schema = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}}
_FACTS: Mapping[str, Sequence[str]] = {
    vocabulary.APPLICATION: vocabulary.APPLICATION_FACTS,
    vocabulary.PAGE: vocabulary.PAGE_FACTS,
}


def json_schema(endpoints: Collection[str]) -> Schema:
    """Return the schema (draft 2020-12) of a scenario that may name these endpoints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A mock-ctrader scenario",
        **_object(
            vocabulary.FILE_KEYS,
            {
                "scenario": _about(_TEXT, "The name of the journey."),
                "purpose": _about(_TEXT, "What the journey shows, in a sentence."),
                "follows": _about(_TEXT, "The part of the vendor's documentation that it plays."),
                "begins with": _about(_TEXT, "Another scenario, by name or file: it is played first."),
                "needs": _about(_words(vocabulary.MODULES), "What the CRM must have, beside what the steps imply."),
                "platforms": _about(_words(vocabulary.PLATFORMS), "Where the journey applies."),
                "editions": _about(_words(vocabulary.EDITIONS), "Where the journey applies."),
                "faults": _about(_rules_for_faults(), "What goes wrong, as in lost-answer:create_trader@2."),
                "invariants": _about(_words(vocabulary.INVARIANTS), "What holds over all that is said meanwhile."),
                "variables": {"type": "object", "propertyNames": _NAMES, "additionalProperties": _SCALAR},
                "actors": _actors(),
                "steps": _STEPS,
            },
        ),
        "anyOf": [
            {"required": ["actors"], "properties": {"actors": {"minProperties": 1}}},
            {"required": ["begins with"]},
        ],
        "$defs": {
            "scalar": {"type": ["string", "number", "boolean", "null"]},
            "endpoint": {"enum": sorted(endpoints)},
            "step": _step(),
            "expect": _expect(),
            "call": {"oneOf": [_ENDPOINT, _call()]},
            "rules": _rules(),
            "matcher": {"oneOf": [_SCALAR, {"type": "array", "items": _MATCHER}, _RULES]},
        },
    }


def _object(keys: Keys, properties: Mapping[str, Schema]) -> Schema:
    """Describe a mapping with just these keys; a key without a description would be a fault of ours."""
    return {
        "type": "object",
        "properties": {key: properties[key] for key in keys},
        "required": [key for key, required in keys.items() if required],
        "additionalProperties": False,
    }


def _about(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _words(known: Sequence[str]) -> Schema:
    numbers = [int(word) for word in known if word.isdecimal()]  # as YAML reads them without quotes
    return {"type": "array", "minItems": 1, "items": {"enum": [*known, *numbers]}}


def _rules_for_faults() -> Schema:
    names = "|".join(FAULTS)
    return {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": f"^({names})([:@ ]|$)"}}


def _actors() -> Schema:
    campaign = _object(dict.fromkeys(vocabulary.CAMPAIGN_KEYS, False), dict.fromkeys(vocabulary.CAMPAIGN_KEYS, _TEXT))
    actor = _object(
        vocabulary.ACTOR_KEYS,
        {
            "platform": {"enum": list(vocabulary.PLATFORMS)},
            "keep_logged_in": _about(_FLAG, "What the person ticks on the CRM's forms."),
            "language": {"type": "string", "pattern": f"^{vocabulary.LANGUAGE}$"},
            "theme": {"enum": list(vocabulary.THEMES)},
            "identity": _about({"enum": list(vocabulary.IDENTITIES)}, "Who keeps the login: the CRM, or cTrader."),
            "person": _about(_TEXT, "The actor that this one is the same person as, on another device."),
            "campaign": _about(campaign, "The advertisement that brought the person."),
        },
    )
    names: Schema = {**_NAMES, "not": {"const": vocabulary.ACCOUNT}}
    either: Schema = {"oneOf": [actor, {"type": "null"}]}
    return {"type": "object", "propertyNames": names, "additionalProperties": either}


def _step() -> Schema:
    properties: dict[str, Schema] = {
        "do": _about({"enum": [str(verb) for verb in Verb]}, "What the actor does."),
        "wait for": _about(_ENDPOINT, "The call, in either direction, that is waited for."),
        "within": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": vocabulary.LONGEST_WAIT,
            "description": "Seconds to wait for the call, and for what is to come true eventually.",
        },
        "actor": _about(_TEXT, "Who does it; needed where there are several actors."),
        "name": _about(_TEXT, "What messages call the step."),
        "with": {"type": "object"},
        "may fail": _about(_FLAG, "Whether the journey goes on where the step fails."),
        "expect": {"$ref": "#/$defs/expect"},
        "eventually": {"$ref": "#/$defs/expect"},
        "capture": {"type": "object", "propertyNames": _NAMES, "additionalProperties": _path()},
    }
    sends_no_form: Schema = {"$ref": "#/$defs/expect", "not": {"required": [vocabulary.REFUSED]}}
    waiting: dict[str, Schema] = {**properties, "expect": sends_no_form, "eventually": sends_no_form}
    act = {**_object(vocabulary.ACT_KEYS, properties), "dependentRequired": {"within": ["eventually"]}}
    return {
        "type": "object",
        "oneOf": [act, _object(vocabulary.WAIT_KEYS, waiting), _repeat()],
        "allOf": [_arguments(verb) for verb in Verb],
    }


def _repeat() -> Schema:
    rounds: Schema = {"type": "integer", "minimum": 1, "maximum": vocabulary.MOST_ROUNDS}
    return _object(vocabulary.REPEAT_KEYS, {"repeat": _about(rounds, "How often."), "steps": _STEPS})


def _arguments(verb: Verb) -> Schema:
    """Describe ``with`` for one verb."""
    kinds: Mapping[Value, Schema] = {
        Value.TEXT: _TEXT,
        Value.FLAG: {"oneOf": [_FLAG, _REFERENCE]},
        Value.TIME: _TIME,
    }
    arguments = vocabulary.ARGUMENTS[verb]
    required = vocabulary.REQUIRED_ARGUMENTS.get(verb, ())
    keys = {name: name in required for name in arguments}
    described = _object(keys, {name: kinds[kind] for name, kind in arguments.items()})
    if verb in vocabulary.FREE_VERBS:
        described["additionalProperties"] = {"type": ["string", "number", "boolean"]}
    if verb in vocabulary.CHOICES:
        described["not"] = {"required": list(vocabulary.CHOICES[verb])}
    then: Schema = {"properties": {"with": described}, "required": ["with"] if required else []}
    return {"if": {"properties": {"do": {"const": str(verb)}}, "required": ["do"]}, "then": then}


def _path() -> Schema:
    facts = [rf"{vocabulary.ACCOUNT}\..+"]
    for whose, known in _FACTS.items():
        facts.append(rf"{whose}\.({'|'.join(known)})(\..+)?")
    parts = "|".join(vocabulary.CALL_PARTS)
    paths = "|".join([*facts, rf"{vocabulary.SCREEN}\.[^.]+\.query\.[^.]+", rf"[^.]+\.({parts})\..+"])
    return {"type": "string", "pattern": f"^({paths})$"}


def _expect() -> Schema:
    screen = _object(vocabulary.SCREEN_KEYS, {"kind": {"enum": list(vocabulary.SCREENS)}, "query": _RULES})
    return _object(
        vocabulary.EXPECT_KEYS,
        {
            "calls": _about({"type": "array", "items": {"$ref": "#/$defs/call"}}, "In this order; [] for none at all."),
            "never": {"type": "array", "items": _ENDPOINT},
            "screen": {"oneOf": [{"const": vocabulary.NO_SCREEN}, screen]},
            "session": {"enum": list(vocabulary.SESSIONS)},
            "stored_token": _about(_FLAG, "Whether the application keeps a long-term token."),
            "refused": _about(_MATCHER, "What the CRM's page says when it does not take the form."),
            "account": _about(_RULES, "The current trading account."),
            **{whose: _known(known) for whose, known in _FACTS.items()},
        },
    )


def _known(facts: Sequence[str]) -> Schema:
    """Describe the rules for an object whose keys are known."""
    return {"allOf": [_RULES, {"propertyNames": {"enum": [*facts, *vocabulary.MATCHERS]}}]}


def _call() -> Schema:
    parts = dict.fromkeys(vocabulary.CALL_PARTS, _RULES)
    return _object(vocabulary.CALL_KEYS, {"call": _ENDPOINT, "status": _MATCHER, **parts})


def _rules() -> Schema:
    """Describe a mapping of rules: one rule with a word of its own, or an object of rules."""
    values: dict[str, Schema] = {
        "any": {"const": True},
        "absent": {"const": True},
        "matches": {"type": "string", "format": "regex"},
        "one of": {"type": "array", "items": _SCALAR},
        "not": _SCALAR,
    }
    words = [_object({word: True}, values) for word in vocabulary.MATCHERS]
    plain: Schema = {
        "type": "object",
        "propertyNames": {"not": {"enum": list(vocabulary.MATCHERS)}},
        "additionalProperties": _MATCHER,
    }
    return {"oneOf": [*words, plain]}
