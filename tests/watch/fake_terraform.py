"""A terraform for watched_site.py: what is live stands in live.json, the code in main.tf, the state says 3."""

import json
import os
import re
import signal
import sys
import time
from pathlib import Path

root = Path(__file__).parent


def kill(step):
    try:
        (root / "kills" / step).unlink()
    except FileNotFoundError:
        return
    os.kill(int((root / "pid").read_text()), signal.SIGKILL)


def entry(name, before, after):
    actions = ["no-op"] if before == after else ["update"]
    old, new = ({"name": name, "desired_count": count} for count in (before, after))
    return {
        "address": f"aws_ecs_service.{name}",
        "mode": "managed",
        "type": "aws_ecs_service",
        "change": {"actions": actions, "before": old, "after": new, "after_unknown": {}},
    }


command, words = sys.argv[1], sys.argv[2:]
live = json.loads((root / "live.json").read_text())
if command == "plan":
    kind = "refresh" if "-refresh-only" in words or "-refresh-only=true" in words else "full"
    if Path.cwd() != root / "checkout" / "prod":
        kind = "proof"
    with (root / "plans").open("a") as log:
        log.write(kind + "\n")
    kill("first " + kind)
    if (root / "locked").exists():
        sys.exit("Error: Error acquiring the state lock")
    if (root / "slow").exists():
        (root / "planning").touch()
        time.sleep(float((root / "slow").read_text()))
    out = next(word.partition("=")[2] for word in words if word.startswith("-out="))
    Path(out).write_text(kind)
    sys.exit(2)
kind = Path(words[-1]).read_text()
code = dict(re.findall(r'"(\w+)" {\n  desired_count = (\d+)', Path("main.tf").read_text()))
drift = [entry(name, 3, count) for name, count in live.items() if count != 3]
changes = [entry(name, live[name], int(count)) for name, count in code.items()]
print(json.dumps({"format_version": "1.2", "resource_drift": drift, "resource_changes": changes}))
sys.stdout.flush()
kill("after " + kind)
