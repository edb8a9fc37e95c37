"""Starts and stops a throw-away S3-compatible store: SeaweedFS, which its package brings as one program."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

START_SECONDS = 60.0
"""It takes four on an idle machine."""
ATTEMPTS = 3
ACCESS_KEY, SECRET_KEY = "askwell-tests", "the-key-of-a-store-that-lives-for-a-minute"
_PORTS = tuple(f"{part}.port{kind}" for part in ("master", "volume", "filer", "s3") for kind in ("", ".grpc"))


_IN_BACKGROUND = '"$@" >"$0" 2>&1 </dev/null & echo $!'


@dataclass(frozen=True, slots=True)
class RunningStore:
    """A store that was started: where it answers, and the number of its process."""

    endpoint: str
    pid: int


def program() -> Path | None:
    """Return the program of the store, which lies beside Python's, or None."""
    weed = Path(sys.executable).with_name("weed")
    return weed if os.access(weed, os.X_OK) else None


def start(folder: Path, *, weed: Path) -> RunningStore:
    """Start a store that keeps everything in an empty folder, and return it once it keeps objects.

    A port that was free may be taken by the time that the store opens it, so it is tried again with others.
    """
    for attempt in range(1, ATTEMPTS):
        with suppress(RuntimeError):
            return _started(folder / f"attempt-{attempt}", weed=weed)
    return _started(folder / f"attempt-{ATTEMPTS}", weed=weed)


def _started(folder: Path, *, weed: Path) -> RunningStore:
    (folder / "files").mkdir(parents=True)
    keys = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
    identities = [{"name": "tests", "credentials": keys, "actions": ["Admin"]}]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}))
    ports = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
    command = [
        *(
            str(weed),
            "-logtostderr",
            "server",
            "-s3",
            f"-s3.config={folder / 's3.json'}",
            # Both would listen at fixed ports, which another store on this machine may have.
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ),
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder / 'files'}", "-master.volumeSizeLimitMB=16"),
        *(
            "-master.telemetry=false",
            "-volume.max=1000",
            "-volume.minFreeSpace=0",
            "-volume.preStopSeconds=0",
        ),
        *(f"-{name}={port}" for name, port in ports.items()),
    ]
    # By a shell, which is no parent that has to wait: the store outlives the worker that started it.
    started = subprocess.run(
        ["sh", "-c", _IN_BACKGROUND, str(folder / "log"), *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        start_new_session=True,
    )
    store = RunningStore(f"http://127.0.0.1:{ports['s3.port']}", int(started.stdout))
    try:
        _wait_for(store, folder / "log")
    except BaseException:
        stop(store)
        raise
    return store


def stop(store: RunningStore) -> None:
    """End a store; nothing of it is needed any more."""
    with suppress(ProcessLookupError):
        os.kill(store.pid, signal.SIGKILL)


def make_bucket(endpoint: str, name: str) -> None:
    """Make an empty bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )
    client.create_bucket(Bucket=name)
    client.put_object(Bucket=name, Key="probe", Body=b"x")
    client.delete_object(Bucket=name, Key="probe")
    client.close()


def _wait_for(store: RunningStore, log: Path) -> None:
    ends_at = time.monotonic() + START_SECONDS
    while True:
        try:
            make_bucket(store.endpoint, f"first-{time.monotonic_ns()}")
            return
        except (BotoCoreError, ClientError) as error:
            if not _is_running(store) or time.monotonic() > ends_at:
                end = log.read_text(errors="replace")[-2_000:]
                raise RuntimeError(f"the store of the tests did not start: {error}\n{end}") from error
            time.sleep(0.1)


def _is_running(store: RunningStore) -> bool:
    try:
        os.kill(store.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _free_ports(count: int) -> list[int]:
    """Return ports that nobody uses; all are held until the last is known, so that they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
