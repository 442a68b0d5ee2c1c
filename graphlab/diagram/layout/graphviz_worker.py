"""The layout worker: a process that lays out DOT texts with Graphviz, one after another.

It is started by `graphviz_client.py` as a plain script, so that it imports nothing of this package and starts at once. Both ways
a message is four bytes of length, big-endian, and UTF-8: a DOT text comes in, JSON goes out, either {"places": {node:
[x, y]}} with centres in points, y upwards, or {"error": text}. The first answer comes unasked: the worker is ready.
"""

import json
import struct
import sys


def places(dot: str) -> dict:
    """The centres of the nodes of a DOT text, as Graphviz's dot finds them."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=dot)
    graph.layout(prog="dot")
    return {str(node): [float(v) for v in node.attr["pos"].split(",")] for node in graph.nodes()}  # pyright: ignore[reportAttributeAccessIssue]


def _answer(dot: str) -> dict:
    try:
        return {"places": places(dot)}
    except Exception as e:  # whatever Graphviz objects to is told to the caller, who has another layout at hand
        return {"error": f"{type(e).__name__}: {e}"}


def _send(sink, answer: dict) -> None:
    reply = json.dumps(answer).encode()
    sink.write(struct.pack(">I", len(reply)) + reply)
    sink.flush()


def main() -> None:
    """Answer until the input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _send(sink, {"places": places("digraph { a -> b }")})  # loads Graphviz's plug-ins, and says that we are ready
    while len(head := source.read(4)) == 4:
        dot = source.read(struct.unpack(">I", head)[0]).decode()
        _send(sink, _answer(dot))


if __name__ == "__main__":
    main()
