"""The JSON Schema of the format, made of the loader's own tables: editors complete and check files with it."""

from collections.abc import Collection, Mapping

from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.vocabulary import Keys, Value, Verb

Schema = dict[str, object]

_TEXT: Schema = {"type": ["string", "number"]}
_FLAG: Schema = {"type": "boolean"}
_REFERENCE: Schema = {"type": "string", "pattern": r"^\$\{[^}]+\}$"}
_NAMES: Schema = {"pattern": f"^{vocabulary.NAME}$"}
_RULES: Schema = {"$ref": "#/$defs/rules"}
_MATCHER: Schema = {"$ref": "#/$defs/matcher"}
_ENDPOINT: Schema = {"$ref": "#/$defs/endpoint"}
_SCALAR: Schema = {"$ref": "#/$defs/scalar"}


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
                "variables": {"type": "object", "propertyNames": _NAMES, "additionalProperties": _SCALAR},
                "actors": _actors(),
                "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
            },
        ),
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


def _actors() -> Schema:
    actor = _object(
        vocabulary.ACTOR_KEYS,
        {
            "platform": {"enum": list(vocabulary.PLATFORMS)},
            "keep_logged_in": _about(_FLAG, "What the person ticks on the CRM's forms."),
            "language": {"type": "string", "pattern": f"^{vocabulary.LANGUAGE}$"},
            "theme": {"enum": list(vocabulary.THEMES)},
        },
    )
    names: Schema = {**_NAMES, "not": {"const": vocabulary.ACCOUNT}}
    either: Schema = {"oneOf": [actor, {"type": "null"}]}
    return {"type": "object", "minProperties": 1, "propertyNames": names, "additionalProperties": either}


def _step() -> Schema:
    properties: dict[str, Schema] = {
        "do": _about({"enum": [str(verb) for verb in Verb]}, "What the actor does."),
        "wait for": _about(_ENDPOINT, "The call, in either direction, that is waited for."),
        "within": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": vocabulary.LONGEST_WAIT,
            "description": "Seconds.",
        },
        "actor": _about(_TEXT, "Who does it; needed where there are several actors."),
        "name": _about(_TEXT, "What messages call the step."),
        "with": {"type": "object"},
        "expect": {"$ref": "#/$defs/expect"},
        "capture": {"type": "object", "propertyNames": _NAMES, "additionalProperties": _path()},
    }
    sends_no_form: Schema = {"$ref": "#/$defs/expect", "not": {"required": [vocabulary.REFUSED]}}
    kinds = (vocabulary.ACT_KEYS, properties), (vocabulary.WAIT_KEYS, {**properties, "expect": sends_no_form})
    return {
        "type": "object",
        "oneOf": [_object(keys, described) for keys, described in kinds],
        "allOf": [_arguments(verb) for verb in Verb],
    }


def _arguments(verb: Verb) -> Schema:
    """Describe ``with`` for one verb."""
    kinds: Mapping[Value, Schema] = {Value.TEXT: _TEXT, Value.FLAG: {"oneOf": [_FLAG, _REFERENCE]}}
    arguments = vocabulary.ARGUMENTS[verb]
    required = vocabulary.REQUIRED_ARGUMENTS.get(verb, ())
    keys = {name: name in required for name in arguments}
    described = _object(keys, {name: kinds[kind] for name, kind in arguments.items()})
    then: Schema = {"properties": {"with": described}, "required": ["with"] if required else []}
    return {"if": {"properties": {"do": {"const": str(verb)}}, "required": ["do"]}, "then": then}


def _path() -> Schema:
    parts = "|".join(vocabulary.CALL_PARTS)
    return {
        "type": "string",
        "pattern": rf"^({vocabulary.ACCOUNT}\..+|{vocabulary.SCREEN}\.[^.]+\.query\.[^.]+|[^.]+\.({parts})\..+)$",
    }


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
        },
    )


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
