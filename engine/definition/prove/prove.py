"""All proofs over one app, in one call. Each of them is a module of its own; none changes the app."""

from __future__ import annotations

from engine.definition.prove.disagree import prove_disagreement
from engine.definition.prove.flows import prove_flows
from engine.definition.prove.loops import prove_loops
from engine.definition.prove.never import prove_never
from engine.definition.prove.routing import prove_routing
from engine.definition.prove.secrets import prove_secrets
from engine.kinds.registry import Registry
from engine.model.app import App
from engine.model.diagnostic import Diagnostic


def prove(app: App, registry: Registry) -> list[Diagnostic]:
    """Everything the proofs have to say. `app` has passed check."""
    found = [*prove_routing(app), *prove_never(app), *prove_disagreement(app)]
    return [*found, *prove_flows(app, registry), *prove_secrets(app, registry), *prove_loops(app, registry)]
