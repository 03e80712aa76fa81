"""Both feeds against the embedded AWS: the same changes, by LookupEvents and from the log files."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.adapters.cloudtrail.lookup import LookupSource
from reconciler.events import parse
from reconciler.model import ChangeEvent, Record, Trust
from reconciler.sandbox import REGION, Sandbox

pytestmark = pytest.mark.wire


def test_a_change_comes_the_same_from_both_feeds(tmp_path: Path) -> None:
    with Sandbox(directory=tmp_path) as sandbox:
        ecs = sandbox.client("ecs", "jane")
        ecs.create_cluster(clusterName="prod")
        ecs.describe_clusters(clusters=["prod"])
        ecs.put_cluster_capacity_providers(
            cluster="prod", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
        )
        files = sandbox.flush()
        lookup = LookupSource([REGION], environment=sandbox.environment())
        feeds = [list(source.records(None)) for source in (lookup, FileSource(files))]
    changes = [
        {
            outcome.id: (outcome.name, outcome.resources, outcome.actor, outcome.requested)
            for outcome in (parse(item, Trust()) for item in items if isinstance(item, Record))
            if isinstance(outcome, ChangeEvent)
        }
        for items in feeds
    ]
    assert changes[0] == changes[1]
    assert sorted(name for name, *_ in changes[0].values()) == ["CreateCluster", "PutClusterCapacityProviders"]
    assert {actor.name for _, _, actor, _ in changes[0].values()} == {"jane@example.com"}
    assert {actor.kind for _, _, actor, _ in changes[0].values()} == {"sso_user"}
