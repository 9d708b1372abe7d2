"""A resident dbt: one JSON request a line on standard input, one JSON response a line on standard output.

Importing and parsing cost dbt several seconds; a process that stays pays them once. dbt is not safe for parallel runs in
one process, so requests are served one after another.

    -> {"type": "lease", "seconds": 25}                  the process may live this much longer; null: without a limit
    -> {"type": "invoke", "id": 1, "args": ["build", ...], "env": {"DBT_APPLICATION_NAME": "..."}}
    <- {"type": "ready", "version": "1.12.6"}            the project is parsed
    <- {"type": "node", "id": 1, "uniqueId": "model.pipeline.deals", "status": "success"}
    <- {"type": "done", "id": 1, "isSuccess": true, "error": null}

The process ends at once when its parent is gone (end of input) or has not extended the lease in time: a build must never
outlive the claim it was started under, because somebody else repeats it then.

The file's name must not begin with dbt_: dbt imports every module called so as a plugin of its own.
"""

import json
import os
import queue
import sys
import threading
import time
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.version import get_installed_version

from kept_connections import keep_connections

EXIT_PARENT_GONE = 0
EXIT_LEASE_OVER = 3
LEASE_CHECK_SECONDS = 0.5
PROJECT_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".md", ".py"}
OUTPUT_FOLDERS = {"target", "logs"}


class Responses:
    """Standard output belongs to the responses; whatever dbt or a library prints goes to standard error."""

    def __init__(self):
        self.stream = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
        os.dup2(2, 1)

    def send(self, **message):
        self.stream.write(json.dumps(message) + "\n")


class Lease:
    """How long this process may live. Without a lease there is no limit: an idle process harms nobody."""

    def __init__(self):
        self.deadline = None

    def extend(self, seconds):
        self.deadline = None if seconds is None else time.monotonic() + seconds

    def guard(self):
        while True:
            time.sleep(LEASE_CHECK_SECONDS)
            deadline = self.deadline
            if deadline is not None and time.monotonic() > deadline:
                os._exit(EXIT_LEASE_OVER)


class Project:
    """The parsed project, parsed again only when one of its files has changed."""

    def __init__(self, directory, parse_args):
        self.directory = Path(directory)
        self.parse_args = parse_args
        self.files = None
        self.parsed = None

    def manifest(self):
        files = self.list_files()
        if files != self.files:
            result = dbtRunner().invoke(["parse", *self.parse_args])
            if not result.success:
                raise result.exception or RuntimeError("dbt parse failed")
            self.parsed, self.files = result.result, files
        return self.parsed

    def list_files(self):
        return [
            (path, status.st_mtime_ns, status.st_size)
            for path in sorted(self.directory.rglob("*"))
            if path.suffix in PROJECT_SUFFIXES
            and OUTPUT_FOLDERS.isdisjoint(path.relative_to(self.directory).parts)
            for status in [path.stat()]
        ]


def invoke(project, responses, request):
    def on_event(event):
        if event.info.name == "NodeFinished":
            node = event.data.node_info
            responses.send(type="node", id=request["id"], uniqueId=node.unique_id, status=node.node_status)

    try:
        os.environ.update(request["env"])
        runner = dbtRunner(manifest=project.manifest(), callbacks=[on_event])
        result = runner.invoke(request["args"])
        is_success, error = result.success, result.exception
    except Exception as exception:  # A project that does not parse fails its build, not the process.
        is_success, error = False, exception
    text = None if error is None else f"{type(error).__name__}: {error}"
    responses.send(type="done", id=request["id"], isSuccess=is_success, error=text)


def read_requests(lease, requests):
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "lease":
            lease.extend(request["seconds"])
        else:
            requests.put(request)
    os._exit(EXIT_PARENT_GONE)


def main():
    responses, lease, requests = Responses(), Lease(), queue.Queue()
    keep_connections()
    project = Project(sys.argv[1], sys.argv[2:])
    threading.Thread(target=read_requests, args=(lease, requests), daemon=True).start()
    threading.Thread(target=lease.guard, daemon=True).start()
    try:
        project.manifest()
    except Exception:  # Said again, with its reason, by the first build.
        pass
    responses.send(type="ready", version=get_installed_version().to_version_string(skip_matcher=True))
    while True:
        invoke(project, responses, requests.get())


if __name__ == "__main__":
    main()
