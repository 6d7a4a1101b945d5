"""What an editor shows for a definition, asked of the YAML language server that editors use. It is not ours and not in the
suite's packages: `npm install yaml-language-server` in a folder and name it in YAML_LANGUAGE_SERVER."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from engine.kinds.registry import Registry
from tests.docs.guide import ROOT

FOLDER = os.environ.get("YAML_LANGUAGE_SERVER", "")
TEXTS = {
    "warm": "app: shop\n",
    "top": "app: shop\nt‸top‸\n",
    "kind": "tables:\n  orders:\n    fields:\n      no: {type: ‸kind‸}\n",
    "field": "tables:\n  orders:\n    fields:\n      customer:\n        type: link\n        ‸key‸\n",
    "rule": "rules:\n  a:\n    when:\n      c‸when‸\n    then:\n      - ‸step‸\n",
    "grant": "permissions:\n  clerk:\n    orders:\n      ‸key‸\n",
    "flow": "tables:\n  orders:\n    flow:\n      transitions:\n        close: {from: a, to: b, gu‸hover‸ard: x}\n",
    "wrong": "tables:\n  orders:\n    fields:\n      no: {type: texd}\n      b: {type: text, requird: true}\n",
    "right": "tables:\n  orders:\n    fields:\n      no: {type: text, required: True}\n",
}

needs_server = pytest.mark.skipif(
    not (shutil.which("node") and (Path(FOLDER) / "node_modules" / "yaml-language-server").is_dir()),
    reason="no yaml-language-server (see the module)",
)


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    command = ["node", str(ROOT / "tools" / "editor.mjs"), FOLDER]
    ran = subprocess.run(command, input=json.dumps(TEXTS), capture_output=True, text=True, check=True, timeout=60)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


@needs_server
def test_an_editor_completes(shown: dict[str, Any]) -> None:
    registry = Registry.load()
    assert {"tables", "title"} <= set(shown["top"]["completions"]["top"])
    assert set(shown["kind"]["completions"]["kind"]) == set(registry.fields)
    assert {"to", "inverse", "on_delete", "required"} <= set(shown["field"]["completions"]["key"])
    assert "choices" not in shown["field"]["completions"]["key"]
    assert {"created", "enters"} <= set(shown["rule"]["completions"]["when"])
    assert set(registry.steps) <= set(shown["rule"]["completions"]["step"])
    assert set(shown["grant"]["completions"]["key"]) == {"records", "create", "read", "edit", "delete"}


@needs_server
def test_an_editor_explains(shown: dict[str, Any]) -> None:
    said = shown["flow"]["hovers"]["hover"]
    assert "走之前要成立的条件" in said
    assert "The condition for taking it" in said


@needs_server
def test_an_editor_marks_what_is_wrong(shown: dict[str, Any]) -> None:
    assert {problem.partition(":")[0] for problem in shown["wrong"]["problems"]} == {"4", "5"}
    assert shown["right"]["problems"] == []
