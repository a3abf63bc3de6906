#!/usr/bin/env python3
"""Sends new and changed memories to LightRAG and waits until it has worked on them. Exit 1 when something is wrong.

    7 * * * *  . $HOME/.memories.env && cd $HOME/memories && flock -n lock $HOME/bin/upload-loop.py

What was sent is kept in state.json in the working folder. A memory that vanishes at the source is left in LightRAG:
a list that was cut off looks the same, and a script should not delete on a guess.
"""
import hashlib
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

SOURCE = os.environ["MEMORY_API_URL"]
LIGHTRAG = os.environ["LIGHTRAG_URL"]
STATE = "state.json"
LIMIT = 1000
TRIES = 4
BACKOFF = float(os.environ.get("BACKOFF", "1"))  # seconds
WAIT = float(os.environ.get("WAIT", "600"))  # seconds


def call(method, url, body=None, headers=None):
    """Status and JSON of one request. What may pass (no connection, no answer, 5xx) is tried again."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
    for attempt in range(TRIES):
        last = attempt == TRIES - 1
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            if error.code < 500 or last:
                return error.code, error.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            if last:
                raise
        time.sleep(BACKOFF * 2**attempt)


def load_state():
    try:
        with open(STATE) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def save_state(state):
    with open(STATE + ".new", "w") as file:
        json.dump(state, file)
    os.replace(STATE + ".new", STATE)


def remove(entry):
    status, answer = call("DELETE", f"{LIGHTRAG}/documents/delete_document", {"doc_ids": [entry["doc"]]})
    if status != 200 or answer["status"] != "deletion_started":
        raise RuntimeError(f"cannot delete the old text: {status} {answer}")


def send(memory_id, text):
    """The track id; None when LightRAG has a document of this name already."""
    until = time.monotonic() + WAIT
    while True:
        body = {"text": text, "file_source": f"{memory_id}.txt"}
        status, answer = call("POST", f"{LIGHTRAG}/documents/text", body)
        if status == 200:
            return answer["track_id"]
        if status == 409 and "already contains" in answer:
            if "failed" in answer:
                raise RuntimeError(f"LightRAG has it as failed: {answer}")
            return None
        if status != 409 or time.monotonic() > until:
            raise RuntimeError(f"{status} {answer}")
        time.sleep(BACKOFF)  # 409: a deletion is under way


def deliver(memory, state):
    memory_id, transcript = memory["id"], memory.get("transcript") or ""
    if not transcript:
        return
    text = f"{memory['created_at']}\n\n{transcript}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    entry = state.get(memory_id)
    if entry is not None and entry["sha256"] == digest:
        return
    if entry is not None:
        if entry.get("doc") is None:
            raise RuntimeError("has changed, and its old document is not known")
        remove(entry)
    track = send(memory_id, text)
    state[memory_id] = {"sha256": digest, "track": track, "doc": None, "done": track is None}
    save_state(state)


def settle(memory_id, state, until):
    """Waits until LightRAG is through with the document."""
    status = "unknown"
    while True:
        _, answer = call("GET", f"{LIGHTRAG}/documents/track_status/{state[memory_id]['track']}")
        for document in answer["documents"]:
            status = document["status"]
            if status == "processed":
                state[memory_id].update(doc=document["id"], done=True)
                return save_state(state)
            if status == "failed":
                raise RuntimeError(f"LightRAG failed: {document['error_msg']}")
        if time.monotonic() > until:
            raise RuntimeError(f"not finished after {WAIT:.0f} s: {status}")
        time.sleep(BACKOFF)


def main():
    state = load_state()
    url = f"{SOURCE}/memory/{os.environ['CONTEXT_ID']}?range=all&limit={LIMIT}"
    status, answer = call("GET", url, headers={"X-API-KEY": os.environ["MEMORY_API_KEY"]})
    if status != 200:
        sys.exit(f"the source answered {status}: {answer}")
    memories = answer["memories"]
    if len(memories) >= LIMIT:
        print(f"warning: {LIMIT} memories, there may be more", file=sys.stderr)
    failed = 0
    for memory in memories:
        try:
            deliver(memory, state)
        except Exception as error:
            failed += 1
            name = memory.get("id") if isinstance(memory, dict) else memory
            print(f"memory {name}: {error}", file=sys.stderr)
    until = time.monotonic() + WAIT
    for memory_id in [key for key, entry in state.items() if not entry["done"]]:
        try:
            settle(memory_id, state, until)
        except Exception as error:
            failed += 1
            print(f"memory {memory_id}: {error}", file=sys.stderr)
    sys.exit(1 if failed else 0)


main()
