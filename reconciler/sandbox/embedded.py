"""The sandbox itself: moto behind the front door, its identities, clients and CloudTrail."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from reconciler.errors import SandboxError
from reconciler.sandbox.clients import REGION, Clients
from reconciler.sandbox.identities import IDENTITIES, named
from reconciler.sandbox.trail import AwsDelivery, Trail

_RUNNING = Lock()  # moto's state belongs to the process, so one sandbox at a time can have it


class Sandbox:
    """An embedded AWS that runs from construction to `close` (or the end of a `with` block).

    `port` 0 takes a free one; the server listens on loopback only. `directory` keeps the log files and the AWS
    profile file; without it they are temporary and go with the sandbox. Raises SandboxError when moto is missing,
    the port is taken, or another sandbox runs in this process.
    """

    def __init__(self, port: int = 0, directory: Path | None = None) -> None:
        with ExitStack() as opened:
            if not _RUNNING.acquire(blocking=False):
                raise SandboxError("another sandbox runs in this process: close it first, moto's state is shared")
            opened.callback(_RUNNING.release)
            self._start(opened, port, directory)
            self._opened = opened.pop_all()

    def _start(self, opened: ExitStack, port: int, directory: Path | None) -> None:
        moto_application = _fresh_moto(opened)
        if directory is None:
            directory = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="reconciler-sandbox-")))
        self.directory = directory.resolve()
        self.log_directory = self.directory / "cloudtrail"
        try:
            self.log_directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SandboxError(
                f"the sandbox cannot keep its files in {directory} ({error.strerror}): choose another directory"
            ) from None

        from reconciler.sandbox.front import FrontDoor
        from reconciler.sandbox.httpd import Httpd

        self._trail = Trail(self.log_directory)
        httpd = Httpd(FrontDoor(moto_application, self._trail), port)
        opened.callback(httpd.stop)
        self.endpoint = f"http://127.0.0.1:{httpd.port}"
        self._clients = Clients(self.endpoint)
        opened.callback(self._clients.close)
        self._profiles = _write_profiles(self.directory, self.endpoint)
        delivery = AwsDelivery(self.client("s3", "ops-admin"), self.client("sqs", "ops-admin"))
        self._trail.delivery = delivery
        self.trail_bucket, self.queue_url = delivery.bucket, delivery.queue_url
        opened.callback(self.flush)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def identities(self) -> Sequence[str]:
        """Return the names that `environment` and `client` take."""
        return tuple(IDENTITIES)

    def environment(self, identity: str = "terraform") -> dict[str, str]:
        """Return the variables with which terraform, boto3 and the AWS CLI talk to the sandbox as `identity`.

        They displace everything of the user's own AWS settings that could lead a call elsewhere. Raises
        SandboxError for an unknown identity.
        """
        who = named(identity)
        variables = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": who.access_key,
            "AWS_SECRET_ACCESS_KEY": who.secret_key,
            # Empty counts as unset; left out, a token of the user's own environment would stay.
            "AWS_SESSION_TOKEN": who.session_token or "",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_PROFILE": who.name,
            "AWS_CONFIG_FILE": str(self._profiles),
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        }
        for name in ("NO_PROXY", "no_proxy"):
            variables[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1")))
        return variables

    def client(self, service: str, identity: str = "ops-admin", region: str = REGION) -> Any:
        """Return a boto3 client of a service that acts as `identity`; raises SandboxError for an unknown one."""
        return self._clients.client(service, identity, region)

    def records(self) -> list[dict[str, Any]]:
        """Return the CloudTrail records so far, in the order of the calls."""
        return self._trail.records()

    def flush(self) -> list[Path]:
        """Deliver the records since the last flush as log files, on disk and to the bucket; returns the files."""
        return self._trail.flush()

    def close(self) -> None:
        """Deliver what is left and stop everything; closing twice does no harm."""
        self._opened.close()


def _fresh_moto(opened: ExitStack) -> Any:
    """Return moto's WSGI application with empty state and the patches applied until `opened` is left."""
    try:
        from moto.core.base_backend import BackendDict
        from moto.core.model_instances import reset_model_data
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    except ImportError as error:
        raise SandboxError(f"the sandbox needs moto: pip install 'reconciler[sandbox]' ({error})") from None
    from reconciler.sandbox.patches import apply_patches

    def reset() -> None:
        BackendDict.reset()
        reset_model_data()

    reset()
    opened.callback(reset)
    try:
        apply_patches(opened)
    except ImportError as error:
        raise SandboxError(
            f"moto {version('moto')} does not suit the sandbox, which needs 5.1.22 or newer: "
            f"pip install --upgrade 'reconciler[sandbox]' ({error})"
        ) from None
    return DomainDispatcherApplication(create_backend_app)


def _write_profiles(directory: Path, endpoint: str) -> Path:
    """Write an AWS configuration file with one profile for each identity."""
    lines = []
    for who in IDENTITIES.values():
        lines += [
            f"[profile {who.name}]",
            f"endpoint_url = {endpoint}",
            f"region = {REGION}",
            f"aws_access_key_id = {who.access_key}",
            f"aws_secret_access_key = {who.secret_key}",
            *([f"aws_session_token = {who.session_token}"] if who.session_token else []),
            "",
        ]
    path = directory / ".aws-config"  # hidden, so that --events on the directory passes it over
    path.write_text("\n".join(lines))
    return path
