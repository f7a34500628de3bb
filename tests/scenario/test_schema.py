"""The JSON Schema of the format, and its agreement with the loader."""

import json
from importlib.resources import files

import pytest
import yaml

from mock_ctrader.errors import ScenarioSyntaxError
from mock_ctrader.scenario import load, vocabulary
from mock_ctrader.scenario.schema import json_schema


@pytest.fixture(scope="module")
def schema(endpoints):
    """The schema, as it is made of the loader's tables."""
    return json_schema(endpoints)


def test_the_shipped_schema_is_the_one_that_the_tables_make(schema):
    """The file is json.dumps(json_schema(endpoints), indent=2): write it anew when the tables change."""
    shipped = (files("mock_ctrader_scenarios") / "scenario.schema.json").read_text()
    assert shipped == json.dumps(schema, indent=2) + "\n"


def test_lists_what_the_loader_knows(schema, endpoints):
    """Every enumeration of the schema is one of the loader's tables."""
    act, wait, repeat = schema["$defs"]["step"]["oneOf"]
    assert repeat["properties"].keys() == vocabulary.REPEAT_KEYS.keys()
    assert act["properties"]["do"]["enum"] == list(vocabulary.Verb)
    assert wait["properties"].keys() == vocabulary.WAIT_KEYS.keys()
    assert schema["properties"].keys() == vocabulary.FILE_KEYS.keys()
    assert schema["$defs"]["endpoint"]["enum"] == sorted(endpoints)
    assert schema["$defs"]["expect"]["properties"]["session"]["enum"] == list(vocabulary.SESSIONS)
    arguments = {
        rule["if"]["properties"]["do"]["const"]: list(rule["then"]["properties"]["with"]["properties"])
        for rule in schema["$defs"]["step"]["allOf"]
    }
    assert arguments == {verb: list(known) for verb, known in vocabulary.ARGUMENTS.items()}


STEPS = [
    ("do: launch", True),
    ("do: lunch", False),
    ("name: begin", False),
    ("{do: launch, wait for: create_user}", False),
    ("{do: launch, within: 5}", False),
    ("{wait for: create_user, within: 5}", True),
    ("{wait for: create_user, within: 0}", False),
    ("{wait for: create_user, within: 4000}", False),
    ("wait for: creat_user", False),
    ("{do: launch, with: {a: 1}}", False),
    ("do: deposit", False),
    ("{do: deposit, with: {amount: 1}}", True),
    ("{do: deposit, with: {amount: true}}", False),
    ("{do: sign up, with: {keep_logged_in: false}}", True),
    ("{do: sign up, with: {keep_logged_in: '${keep}'}}", True),
    ("{do: sign up, with: {keep_logged_in: maybe}}", False),
    ("{do: launch, expect: {screen: none}}", True),
    ("{do: launch, expect: {screen: some}}", False),
    ("{do: launch, expect: {screen: {kind: login, query: {a: [1, {any: true}]}}}}", True),
    ("{do: launch, expect: {screen: {query: {}}}}", False),
    ("{do: launch, expect: {session: opened}}", False),
    ("{do: log in, expect: {refused: {any: true}}}", True),
    ("{do: log in, expect: {refused: Wrong password}}", True),
    ("{wait for: create_user, expect: {session: open}}", True),
    ("{wait for: create_user, expect: {refused: {any: true}}}", False),
    ("{do: launch, expect: {calls: [create_user, {call: create_user, status: {one of: [200, 201]}}]}}", True),
    ("{do: launch, expect: {calls: [{status: 200}]}}", False),
    ("{do: launch, expect: {account: {a: {any: false}}}}", False),
    ("{do: launch, expect: {account: {a: {any: true, b: 1}}}}", False),
    ("{do: launch, expect: {account: {a: {not: x}, b: {matches: y}, c: {absent: true}}}}", True),
    ("{do: launch, capture: {a: create_user.answer.b.c, b: screen.login.query.d, c: account.e}}", True),
    ("{do: launch, capture: {a: create_user.body.b}}", False),
    ("{do: launch, capture: {a-b: account.e}}", False),
    ("{do: launch, capture: {a: page.links.invite, b: application.ribbons.0.title}}", True),
    ("{do: launch, capture: {a: page.link}}", False),
    ("{do: launch, expect: {application: {path: /info, ribbons: []}, page: {absent: true}}}", True),
    ("{do: launch, expect: {application: {paht: /info}}}", False),
    ("{do: launch, expect: {page: {url: {matches: '.*'}}}, eventually: {calls: [crm_logout]}, within: 3}", True),
    ("{do: launch, eventually: {calls: [crm_logut]}}", False),
    ("{wait for: create_user, eventually: {refused: {any: true}}}", False),
    ("{do: pass kyc, with: {document_type: passport, Agree: true}}", True),
    ("{do: pass kyc, with: {document_type: [passport]}}", False),
    ("do: chat", True),
    ("do: change password", False),
    ("{do: change password, with: {new_password: x, again: x}}", True),
    ("{do: visit, with: {page: home}}", True),
    ("{do: visit, with: {page: home, link: x}}", False),
    ("do: visit", True),
    ("{do: let pass, with: {time: 61s}}", True),
    ("{do: let pass, with: {time: '${keep}'}}", True),
    ("{do: let pass, with: {time: soon}}", False),
    ("{do: sign up, with: {agreement: false}}", True),
    ("{repeat: 30, steps: [do: launch, {repeat: 2, steps: [do: close]}]}", True),
    ("{repeat: 0, steps: [do: launch]}", False),
    ("{repeat: 1001, steps: [do: launch]}", False),
    ("{repeat: 2, steps: []}", False),
    ("{repeat: 2}", False),
    ("{repeat: 2, do: launch, steps: [do: launch]}", False),
]


@pytest.mark.parametrize(("step", "right"), STEPS)
def test_agrees_with_the_loader(schema, fits, read, step, right):
    """What the loader accepts keeps the schema, and what it refuses breaks it."""
    text = f"scenario: s\npurpose: p\nvariables: {{keep: true}}\nactors: {{trader: }}\nsteps:\n  - {step}\n"
    assert fits(yaml.safe_load(text), schema) is right
    try:
        read(text=text)
    except ScenarioSyntaxError:
        assert not right
    else:
        assert right


BEGINNING = "scenario: b\npurpose: p\nactors: {trader: }\nsteps: [do: launch]\n"
HEADS = [
    ("actors: {trader: {platform: iOS, keep_logged_in: true, language: en, theme: dark}}", True),
    ("actors: {}", False),
    ("", False),
    ("actors: {trader: {identity: handoff, campaign: {source: a}}}", True),
    ("actors: {trader: {campaign: {sorce: a}}}", False),
    ("actors: {trader: }\nneeds: [kyc, deposit]\nplatforms: [iOS]\neditions: [2023, '2025']", True),
    ("actors: {trader: }\nneeds: [kcy]", False),
    ("actors: {trader: }\nneeds: []", False),
    ("actors: {trader: }\neditions: [2024]", False),
    ("begins with: beginning.yaml", True),
    ("begins with: beginning.yaml\nactors: {}", True),
    ("begins with:", False),
    ("actors: {account: }", False),
    ("actors: {trader: {platform: IOS}}", False),
    ("actors: {trader: {language: German}}", False),
    ("actors: {trader: }\nvariables: {a-b: 1}", False),
    ("actors: {trader: }\nvariables: {a: [1]}", False),
    ("actors: {trader: }\nsequel: x", False),
]


@pytest.mark.parametrize(("head", "right"), HEADS)
def test_agrees_with_the_loader_on_heads(schema, fits, endpoints, head, right):
    """The part of a file above its steps is described too."""
    text = f"scenario: s\npurpose: p\n{head}\nsteps:\n  - do: launch\n"
    assert fits(yaml.safe_load(text), schema) is right
    try:
        load(text, source="sample.yaml", endpoints=endpoints, read=lambda name: (name, BEGINNING))
    except ScenarioSyntaxError:
        assert not right
    else:
        assert right
