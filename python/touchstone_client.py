#!/usr/bin/env python3
"""A client for Touchstone in one file, standard library only, Python 3.8 or newer.

    import touchstone_client as touchstone

    client = touchstone.login("http://127.0.0.1:4000", token)
    submission = client.submit_variant("letter-retrieval", "multi-similarity", params={"alpha": 2})
    client.wait(submission["id"])
    for row in client.leaderboard("letter-retrieval"):
        print(row["rank"], row["label"], row["mean"])

    sent = client.submit_predictions("certified-accuracy", ["log.tsv"], name="my smoothed net")
    client.wait(sent["id"])

The functions of the module (`submit_variant`, `submit_predictions`, `benchmarks`, `wait`, `leaderboard`) use the client of the
last `login`.
Address and token default to TOUCHSTONE_URL and TOUCHSTONE_TOKEN.
"""

import argparse
import hashlib
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any, Dict, List, Optional, Sequence

__all__ = [
    "Client",
    "NotFound",
    "Refused",
    "RunsFailed",
    "TimedOut",
    "TouchstoneError",
    "Unreachable",
    "benchmarks",
    "leaderboard",
    "login",
    "submit_predictions",
    "submit_variant",
    "wait",
]

DEFAULT_URL = "http://127.0.0.1:4000"
FINAL_STATES = ("SUCCEEDED", "FAILED", "CANCELLED")


class TouchstoneError(Exception):
    """Base of every error of this module. `code` is the server's own stable code."""

    def __init__(self, code, message, field=None, value=None, allowed=None):
        # type: (str, str, Optional[str], Optional[str], Optional[str]) -> None
        details = [
            "{} {}".format(name, text)
            for name, text in (("field", field), ("value", value), ("allowed", allowed))
            if text is not None and str(text) not in message
        ]
        super().__init__("{}: {}{}".format(code, message, " ({})".format(", ".join(details)) if details else ""))
        self.code = code
        self.message = message
        self.field = field
        self.value = value
        self.allowed = allowed


class Unreachable(TouchstoneError):
    """No server answered at the address, or what answered was not Touchstone."""


class NotFound(TouchstoneError):
    """The server knows no such benchmark, method, submission or run."""


class Refused(TouchstoneError):
    """The server refused the request; nothing was stored. `field`, `value` and `allowed` say why."""


class RunsFailed(TouchstoneError):
    """A submission ended and not every run succeeded. `submission` holds it with its runs."""

    def __init__(self, submission):
        # type: (Dict[str, Any]) -> None
        ended = [
            "seed {}: {}{}".format(run["seed"], run["state"], " {}".format(run["reason"]) if run["reason"] else "")
            for run in submission["runs"]
            if run["state"] != "SUCCEEDED"
        ]
        super().__init__("RUNS_FAILED", "; ".join(ended))
        self.submission = submission


class TimedOut(TouchstoneError):
    """`wait` ran out of time. The runs go on."""


_PIECE = 1 << 20
_TRACKS = ("train", "predictions")
_RUN = "id seed state reason message queuePosition waitingReason scores { key value } receiptDigest"
_SUBMISSION = "id label division variantHash state benchmark {{ key version }} runs {{ {} }}".format(_RUN)
_ERRORS = "userErrors { code field message value allowed }"
_ENTRY = (
    "id rank division claim reference label mean deviation n interval { low high over level } method { key title } params "
    "belowUntrained unrankedReason edge notConverged variantHash difference { mean low high p tooSmall }"
)


def _error(code, message, details):
    # type: (str, str, Dict[str, Any]) -> TouchstoneError
    kind = NotFound if code in ("NOT_FOUND", "BAD_ID") or (code.startswith("UNKNOWN_") and code != "UNKNOWN_PARAM") else Refused
    return kind(code, message, details.get("field"), details.get("value"), details.get("allowed"))


class Client:
    """Speaks to one server. `token` may be None: reading is open to everybody."""

    def __init__(self, url=None, token=None, timeout=30.0):
        # type: (Optional[str], Optional[str], float) -> None
        self.url = (url or os.environ.get("TOUCHSTONE_URL") or DEFAULT_URL).rstrip("/")
        if self.url.endswith("/graphql"):
            self.url = self.url[: -len("/graphql")]
        self.token = token or os.environ.get("TOUCHSTONE_TOKEN") or None
        self.timeout = timeout

    def query(self, document, variables=None):
        # type: (str, Optional[Dict[str, Any]]) -> Dict[str, Any]
        """Sends one GraphQL document and returns its data. Raises Unreachable, NotFound or Refused."""
        headers = {"content-type": "application/json", "accept": "application/json", "user-agent": "touchstone-python"}
        if self.token:
            headers["authorization"] = "Bearer " + self.token
        try:
            # NaN has no JSON form: refused here, with the same code as on the server.
            body = json.dumps({"query": document, "variables": variables or {}}, allow_nan=False).encode("utf-8")
        except ValueError as cause:
            raise Refused("PARAM_TYPE", "NaN and infinities cannot be sent", "params") from cause
        request = urllib.request.Request(self.url + "/graphql", body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                raw = response.read()
        except urllib.error.HTTPError as answer:
            # GraphQL errors come with HTTP 400 and the like; their body says what is wrong.
            raw = answer.read()
        except (urllib.error.URLError, OSError) as cause:
            reason = getattr(cause, "reason", cause)
            raise Unreachable("SERVER_UNREACHABLE", "no answer from {}: {}".format(self.url, reason), "url") from cause
        try:
            answer = json.loads(raw.decode("utf-8"))
        except ValueError as cause:
            raise Unreachable("SERVER_UNREACHABLE", "{}/graphql did not answer JSON".format(self.url), "url") from cause
        errors = answer.get("errors") or []
        if errors:
            extensions = errors[0].get("extensions") or {}
            raise _error(str(extensions.get("code", "REFUSED")), errors[0].get("message", ""), extensions)
        return answer["data"]

    def viewer(self):
        # type: () -> Optional[Dict[str, Any]]
        """Who the token belongs to; None for a reader without one."""
        return self.query("{ viewer { id name role scopes } }")["viewer"]

    def submit_variant(
        self,
        benchmark,
        method=None,
        params=None,
        slots=None,
        division=None,
        learning_rate=None,
        weight_decay=None,
        seeds=None,
        note=None,
        idempotency_key=None,
    ):
        # type: (str, Optional[str], Optional[Dict[str, Any]], Optional[Dict[str, Dict[str, Any]]], Optional[str], Optional[float], Optional[float], Optional[Sequence[int]], Optional[str], Optional[str]) -> Dict[str, Any]
        """Sends a variant and returns the submission: id, label, division, variantHash, state, runs.

        `slots` is {"layer": {"method": "gelu", "params": {}}}. The same `idempotency_key` sent twice makes one
        submission; without one a new key is made for this call. Raises Refused or NotFound; nothing is stored then.
        """
        given = {
            "benchmark": benchmark,
            "method": method,
            "params": params,
            "slots": [dict(choice, slot=slot.upper()) for slot, choice in slots.items()] if slots else None,
            "division": division,
            "learningRate": learning_rate,
            "weightDecay": weight_decay,
            "seeds": list(seeds) if seeds is not None else None,
            "note": note,
            "idempotencyKey": idempotency_key or str(uuid.uuid4()),
        }
        payload = self.query(
            "mutation($input: SubmitVariantInput!) { submitVariant(input: $input) { submission { %s } %s } }"
            % (_SUBMISSION, _ERRORS),
            {"input": {name: value for name, value in given.items() if value is not None}},
        )["submitVariant"]
        for error in payload["userErrors"]:
            raise _error(error["code"], error["message"], error)
        return payload["submission"]

    def benchmarks(self, track=None):
        # type: (Optional[str]) -> List[Dict[str, Any]]
        """The newest version of every benchmark; `track` is "train", "predictions" or None for both.

        Keys: key, version, title, track ("train" or "predictions"), state, primary (score key), entries, files (of the
        predictions track: name, formats, contents, example, optional). Raises Refused for another track.
        """
        if track is not None and track not in _TRACKS:
            raise Refused("PARAM_RANGE", "track is unknown", "track", repr(track), " or ".join(_TRACKS))
        found = self.query(
            "{ benchmarks(first: 100) { nodes { key version title track state entryCount primary { key }"
            " files { name formats contents example optional } } } }"
        )["benchmarks"]["nodes"]
        rows = [
            {
                "key": each["key"],
                "version": each["version"],
                "title": each["title"],
                "track": each["track"].lower(),
                "state": each["state"],
                "primary": each["primary"]["key"],
                "entries": each["entryCount"],
                "files": each["files"],
            }
            for each in found
        ]
        return [row for row in rows if track in (None, row["track"])]

    def upload(self, benchmark, path):
        # type: (str, str) -> str
        """Sends one file for a predictions benchmark and returns the id of its upload.

        The file is read twice in pieces, once for its hash; it is never held whole. Raises Refused (a folder or an absent
        file included), NotFound or Unreachable.
        """
        digest = hashlib.sha256()
        size = 0
        try:
            with open(path, "rb") as file:
                for piece in iter(lambda: file.read(_PIECE), b""):
                    digest.update(piece)
                    size += len(piece)
        except OSError as cause:
            allowed = "a file that can be read; send a folder as .zip or .tar.gz"
            raise Refused("BAD_FILE", "{}: {}".format(path, cause.strerror), "files", str(path), allowed) from cause
        payload = self.query(
            "mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id url } %s } }" % _ERRORS,
            {
                "input": {
                    "benchmark": benchmark,
                    "fileName": os.path.basename(path),
                    "bytes": size,
                    "sha256": digest.hexdigest(),
                }
            },
        )["createUpload"]
        for error in payload["userErrors"]:
            raise _error(error["code"], error["message"], error)
        # The server says which path; where it is reached is what the caller said.
        address = urllib.parse.urlsplit(payload["upload"]["url"])
        self._put("{}?{}".format(address.path, address.query), path, size)
        return payload["upload"]["id"]

    def _put(self, target, path, size):
        # type: (str, str, int) -> None
        # Not urllib.request: it loses the answer of a server that refuses before the whole file has come.
        base = urllib.parse.urlsplit(self.url)
        kind = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
        connection = kind(base.netloc, timeout=self.timeout)
        try:
            with open(path, "rb") as file:
                try:
                    connection.request("PUT", base.path + target, file, {"content-length": str(size)})
                except (BrokenPipeError, ConnectionResetError):
                    pass
                answer = connection.getresponse()
                raw = answer.read()
        except (OSError, http.client.HTTPException) as cause:
            message = "{} could not be sent to {}: {}".format(path, self.url, cause)
            raise Unreachable("SERVER_UNREACHABLE", message, "url") from cause
        finally:
            connection.close()
        if answer.status == 201:
            return
        try:
            error = json.loads(raw.decode("utf-8"))["errors"][0]
        except (ValueError, LookupError):
            raise Refused("REFUSED", "HTTP {}".format(answer.status), "files", str(path))
        raise _error(str((error.get("extensions") or {}).get("code", "REFUSED")), error["message"], {"field": "files"})

    def submit_predictions(self, benchmark, files, name, note=None, idempotency_key=None):
        # type: (str, Sequence[str], str, Optional[str], Optional[str]) -> Dict[str, Any]
        """Uploads files of predictions and has them scored; returns the submission: id, label, state, runs.

        `files` are paths, in the order in which the protocol takes them; `name` is the row's name on the board. Follow it with
        `wait`: a file that cannot be scored ends the run with the reason BAD_FILE. The same `idempotency_key` sent twice makes
        one submission. Raises Refused or NotFound; nothing is submitted then.
        """
        if isinstance(files, (str, bytes)):
            raise Refused("PARAM_TYPE", "files is one path", "files", str(files), "a list of paths")
        given = {
            "benchmark": benchmark,
            "name": name,
            "note": note,
            "uploads": [self.upload(benchmark, os.fspath(path)) for path in files],
            "idempotencyKey": idempotency_key or str(uuid.uuid4()),
        }
        payload = self.query(
            "mutation($input: SubmitPredictionsInput!) { submitPredictions(input: $input) { submission { %s } %s } }"
            % (_SUBMISSION, _ERRORS),
            {"input": {key: value for key, value in given.items() if value is not None}},
        )["submitPredictions"]
        for error in payload["userErrors"]:
            raise _error(error["code"], error["message"], error)
        return payload["submission"]

    def submission(self, submission_id):
        # type: (str) -> Dict[str, Any]
        """The submission with its runs, their states, reasons and scores. Raises NotFound."""
        found = self.query("query($id: ID!) { submission(id: $id) { %s } }" % _SUBMISSION, {"id": submission_id})["submission"]
        if found is None:
            raise NotFound("NOT_FOUND", "no submission {}".format(submission_id), "id", submission_id)
        return found

    def wait(self, submission_id, timeout=3600.0, poll=1.0, check=True, on_change=None):
        # type: (str, float, float, bool, Any) -> Dict[str, Any]
        """Waits until every run has ended and returns the submission.

        Raises RunsFailed when a run did not succeed (unless `check` is False), TimedOut after `timeout` seconds.
        `on_change(run)` is called once for every new state. A server that restarts meanwhile is waited for.
        """
        deadline = time.monotonic() + timeout
        seen = {}  # type: Dict[str, str]
        while True:
            try:
                submission = self.submission(submission_id)
            except Unreachable:
                if time.monotonic() + poll > deadline:
                    raise
            else:
                for run in submission["runs"]:
                    if on_change is not None and seen.get(run["id"]) != run["state"]:
                        on_change(run)
                    seen[run["id"]] = run["state"]
                if all(run["state"] in FINAL_STATES for run in submission["runs"]):
                    if check and any(run["state"] != "SUCCEEDED" for run in submission["runs"]):
                        raise RunsFailed(submission)
                    return submission
            if time.monotonic() + poll > deadline:
                raise TimedOut("TIMED_OUT", "submission {} has not ended after {} s".format(submission_id, timeout))
            time.sleep(poll)

    def leaderboard(self, benchmark, division=None, metric=None, first=100):
        # type: (str, Optional[str], Optional[str], int) -> List[Dict[str, Any]]
        """The rows of a board, best first within each division, as plain dicts.

        Keys: id, rank (None when unranked, see unrankedReason), division, claim, reference, label, method, params,
        mean, deviation, n, low, high, over, difference (to the baseline: mean, low, high, p, tooSmall),
        belowUntrained, edge, notConverged, variantHash. Raises NotFound for an unknown benchmark.
        """
        rows = []  # type: List[Dict[str, Any]]
        after = None
        while len(rows) < first:
            page = self.query(
                "query($b: String!, $d: Division, $o: EntryOrder, $n: Int!, $a: String) { leaderboard(benchmark: $b, division: $d,"
                " orderBy: $o, first: $n, after: $a) { nodes { %s } pageInfo { hasNextPage endCursor } } }" % _ENTRY,
                {
                    "b": benchmark,
                    "d": division,
                    "o": {"key": metric} if metric else None,
                    "n": min(100, first - len(rows)),
                    "a": after,
                },
            )["leaderboard"]
            rows.extend(_flatten(entry) for entry in page["nodes"])
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        return rows


def _flatten(entry):
    # type: (Dict[str, Any]) -> Dict[str, Any]
    row = dict(entry)
    interval = row.pop("interval") or {}
    row.update(low=interval.get("low"), high=interval.get("high"), over=interval.get("over"))
    row["method"] = row["method"]["key"] if row["method"] else None
    return row


_current = None  # type: Optional[Client]


def login(url=None, token=None):
    # type: (Optional[str], Optional[str]) -> Client
    """Checks address and token with the server and returns a client. Raises Unreachable or Refused."""
    global _current
    client = Client(url, token)
    if client.token is not None and client.viewer() is None:
        raise Refused("UNAUTHENTICATED", "{} does not know this token".format(client.url), "token")
    if client.token is None:
        client.query("{ serverInfo { version } }")
    _current = client
    return client


def _client():
    # type: () -> Client
    return _current if _current is not None else Client()


def submit_variant(*args, **kwargs):
    # type: (Any, Any) -> Dict[str, Any]
    """`Client.submit_variant` of the last login."""
    return _client().submit_variant(*args, **kwargs)


def submit_predictions(*args, **kwargs):
    # type: (Any, Any) -> Dict[str, Any]
    """`Client.submit_predictions` of the last login."""
    return _client().submit_predictions(*args, **kwargs)


def benchmarks(*args, **kwargs):
    # type: (Any, Any) -> List[Dict[str, Any]]
    """`Client.benchmarks` of the last login."""
    return _client().benchmarks(*args, **kwargs)


def wait(*args, **kwargs):
    # type: (Any, Any) -> Dict[str, Any]
    """`Client.wait` of the last login."""
    return _client().wait(*args, **kwargs)


def leaderboard(*args, **kwargs):
    # type: (Any, Any) -> List[Dict[str, Any]]
    """`Client.leaderboard` of the last login."""
    return _client().leaderboard(*args, **kwargs)


def _main(arguments=None):
    # type: (Optional[List[str]]) -> int
    parser = argparse.ArgumentParser(description="Submit variants to Touchstone and read its leaderboards; prints JSON.")
    parser.add_argument("--url", help="address of the server (default: TOUCHSTONE_URL, else %s)" % DEFAULT_URL)
    parser.add_argument("--token", help="default: TOUCHSTONE_TOKEN")
    commands = parser.add_subparsers(dest="command", required=True)
    board = commands.add_parser("leaderboard", help="the rows of a board")
    board.add_argument("benchmark")
    board.add_argument("--division")
    send = commands.add_parser("submit", help="send a variant")
    send.add_argument("benchmark")
    send.add_argument("method")
    send.add_argument("--params", default="{}", help="JSON object")
    send.add_argument("--wait", action="store_true", help="until every run has ended")
    known = commands.add_parser("benchmarks", help="what can be submitted to")
    known.add_argument("--track", choices=_TRACKS)
    files = commands.add_parser("submit-predictions", help="send files of predictions")
    files.add_argument("benchmark")
    files.add_argument("files", nargs="+")
    files.add_argument("--name", required=True, help="of the row, as the board shows it")
    files.add_argument("--note")
    files.add_argument("--wait", action="store_true", help="until they are scored")
    given = parser.parse_args(arguments)
    try:
        client = Client(given.url, given.token)
        if given.command == "leaderboard":
            answer = client.leaderboard(given.benchmark, given.division)  # type: Any
        elif given.command == "benchmarks":
            answer = client.benchmarks(given.track)
        elif given.command == "submit-predictions":
            answer = client.submit_predictions(given.benchmark, given.files, given.name, given.note)
            answer = client.wait(answer["id"]) if given.wait else answer
        else:
            answer = client.submit_variant(given.benchmark, given.method, json.loads(given.params))
            answer = client.wait(answer["id"]) if given.wait else answer
    except ValueError as error:
        parser.error("--params is not JSON: {}".format(error))
    except TouchstoneError as error:
        print("error {}".format(error), file=sys.stderr)
        return {Unreachable: 5, NotFound: 3, Refused: 4}.get(type(error), 1)
    print(json.dumps(answer, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
