"""Reads one JSON list of texts on stdin and prints what LightRAG's own functions make of each, as one JSON list."""

import asyncio
import json
import logging
import sys

logging.disable(logging.CRITICAL)

from lightrag.chunker import chunking_by_token_size  # noqa: E402
from lightrag.operate import _process_extraction_result, _rebuild_from_extraction_result  # noqa: E402
from lightrag.utils import TiktokenTokenizer, get_content_summary, sanitize_text_for_encoding  # noqa: E402


def rows(nodes, edges):
    return {
        "entities": [[name, [[m["entity_type"], m["description"]] for m in found]] for name, found in nodes.items()],
        "relations": [
            [list(pair), [[m["keywords"], m["description"]] for m in found]] for pair, found in edges.items()
        ],
    }


async def parse(text):
    return rows(*await _process_extraction_result(text, "chunk", 1))


async def rebuild(text):
    return rows(*await _rebuild_from_extraction_result(None, text, "chunk", 1, {"file_path": "file"}))


async def main():
    texts = json.load(sys.stdin)
    tokenizer = TiktokenTokenizer()
    answers = []
    for text in texts:
        answers.append(
            {
                "parsed": await parse(text),
                "rebuilt": await rebuild(text),
                "chunks": chunking_by_token_size(tokenizer, text, None, False, 3, 20),
                "tokens": len(tokenizer.encode(text)),
                "summary": get_content_summary(sanitize_text_for_encoding(text)),
            }
        )
    json.dump(answers, sys.stdout)


asyncio.run(main())
