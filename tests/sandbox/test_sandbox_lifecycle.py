"""A sandbox starts empty, keeps others out and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from reconciler.errors import SandboxError
from reconciler.sandbox import Sandbox
from reconciler.sandbox.patches import PATCHES

pytestmark = pytest.mark.wire


def test_closing_leaves_no_thread_port_or_file_behind():
    before = set(threading.enumerate())
    with Sandbox() as sandbox:
        ecs = sandbox.client("ecs")
        ecs.list_clusters()
        directory = sandbox.directory
        idle = socket.create_connection(("127.0.0.1", int(sandbox.endpoint.rpartition(":")[2])))

    idle.close()
    assert set(threading.enumerate()) == before
    assert not directory.exists()
    with pytest.raises(EndpointConnectionError):
        boto3.client(
            "ecs",
            endpoint_url=sandbox.endpoint,
            region_name="us-east-1",
            aws_access_key_id="a",
            aws_secret_access_key="b",
        ).list_clusters()


def test_the_next_sandbox_sees_nothing_of_the_last():
    with Sandbox() as first:
        first.client("ecs").create_cluster(clusterName="left-over")

    with Sandbox() as second:
        assert second.records() == []
        assert second.client("ecs").list_clusters()["clusterArns"] == []


def test_closing_gives_moto_back_as_it_was():
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
    from moto.ecs.models import AccountSetting, EC2ContainerServiceBackend, Service
    from moto.ecs.responses import EC2ContainerServiceResponse
    from moto.sts.models import STSBackend

    patched = (
        *(ApplicationAutoScalingResponse, AccountSetting, EC2ContainerServiceBackend, Service),
        *(EC2ContainerServiceResponse, STSBackend),
    )
    before = [dict(vars(owner)) for owner in patched]

    with Sandbox():
        assert [dict(vars(owner)) for owner in patched] != before

    assert [dict(vars(owner)) for owner in patched] == before


def test_each_patch_says_which_gap_of_which_moto_it_closes():
    from importlib import import_module

    for name in PATCHES:
        text = import_module(f"reconciler.sandbox.patches.{name}").__doc__ or ""
        assert text.startswith(("Gap (moto 5.", "Gaps (moto 5.")), name


def test_every_patch_module_is_applied():
    import reconciler.sandbox.patches as package

    helpers = {"__init__", "services", "tools"}
    assert {path.stem for path in Path(package.__file__).parent.glob("*.py")} - helpers == set(PATCHES)


def test_a_second_sandbox_in_the_process_is_refused_and_harms_nothing():
    with Sandbox() as first:
        first.client("ecs").create_cluster(clusterName="mine")

        with pytest.raises(SandboxError, match="another sandbox runs"):
            Sandbox()

        assert len(first.client("ecs").list_clusters()["clusterArns"]) == 1


def test_a_port_that_is_taken_is_said_and_frees_the_way_for_another_try():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(SandboxError, match=f"port {port} on 127.0.0.1 cannot be used"):
            Sandbox(port)

    with Sandbox(port) as sandbox:
        assert sandbox.endpoint == f"http://127.0.0.1:{port}"


def test_the_server_listens_on_loopback_only():
    with Sandbox() as sandbox:
        port = int(sandbox.endpoint.rpartition(":")[2])
        with socket.socket() as other:
            other.settimeout(2)
            # Refused on Linux, where every 127/8 address is local; no such address elsewhere.
            assert other.connect_ex(("127.0.0.2", port)) != 0


def test_a_directory_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SandboxError, match="choose another directory"):
        Sandbox(directory=tmp_path / "file")


def test_a_given_directory_stays_with_the_log_files(tmp_path):
    with Sandbox(directory=tmp_path) as sandbox:
        sandbox.client("ecs").list_clusters()

    (path,) = (tmp_path / "cloudtrail").rglob("*.json.gz")
    assert json.loads(gzip.decompress(path.read_bytes()))["Records"][0]["eventName"] == "ListClusters"


def test_without_moto_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "moto.core.base_backend", None)

    with pytest.raises(SandboxError, match=r"the sandbox needs moto: pip install 'reconciler\[sandbox\]'"):
        Sandbox()


def test_importing_the_package_imports_neither_moto_nor_boto3():
    code = (
        "import sys, reconciler.sandbox, reconciler.sandbox.scenarios, reconciler.cli.sandbox;"
        "print({'moto', 'boto3', 'botocore'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "set()\n"


def test_the_environment_displaces_the_users_own_aws_settings(monkeypatch):
    hostile = {"AWS_PROFILE": "no-such-profile", "AWS_SESSION_TOKEN": "stale", "AWS_DEFAULT_REGION": "eu-west-3"}
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    code = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'], boto3.session.Session().region_name)"
    with Sandbox() as sandbox:
        for identity, arn in (("ops-admin", "user/ops-admin"), ("terraform", "terraform-apply/terraform")):
            environment = {**os.environ, **sandbox.environment(identity)}
            found = subprocess.run(
                [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
            )
            assert arn in found.stdout
            assert found.stdout.endswith("us-east-1\n")


def test_the_sandboxes_own_clients_do_not_need_the_users_profile(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    with Sandbox() as sandbox:
        assert sandbox.client("ecs").list_clusters()["clusterArns"] == []


def test_an_unknown_identity_is_answered_with_those_there_are():
    with Sandbox() as sandbox, pytest.raises(SandboxError, match="no identity 'bob': choose one of ops-admin, "):
        sandbox.environment("bob")


def test_an_operation_that_moto_lacks_is_refused_at_once_instead_of_retried():
    with Sandbox() as sandbox:
        began = time.monotonic()
        with pytest.raises(ClientError, match="the sandbox does not offer this operation of ecs") as refused:
            sandbox.client("ecs").describe_service_revisions(serviceRevisionArns=["arn:a"])

        assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0
        assert time.monotonic() - began < 2
        assert sandbox.records() == []


@pytest.mark.parametrize("service", ["ec2", "iam"])
def test_services_that_speak_xml_get_the_refusal_in_xml(service):
    call = {
        "ec2": lambda client: client.describe_verified_access_groups(),
        "iam": lambda client: client.get_context_keys_for_custom_policy(PolicyInputList=["{}"]),
    }[service]
    with (
        Sandbox() as sandbox,
        pytest.raises(ClientError, match=f"the sandbox does not offer this operation of {service}"),
    ):
        call(sandbox.client(service))
