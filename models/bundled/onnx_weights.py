"""The weights inside of an exported graph, read without the onnx package: just enough of its protocol buffers.

Source of the field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (Apache-2.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_GRAPH, _NODE, _INITIALIZER = 7, 1, 5
_NODE_INPUT, _NODE_OPERATOR = 1, 4
_DIMENSIONS, _TYPE, _FLOATS, _NAME, _RAW = 1, 2, 4, 8, 9
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_KINDS: dict[int, type[np.generic]] = {1: np.float32, 7: np.int64, 10: np.float16}


@dataclass(frozen=True, slots=True)
class Weights:
    """`named`: arrays by the names that they have in the network; `mixed`: (input, matrix) of each product with a constant
    matrix, (in, out) as it is multiplied; `norms`: scale and bias of each layer norm. Both in the order of the graph, since
    arrays that are equal are stored once, under the name of the first. All float32."""

    named: dict[str, NDArray[np.float32]]
    mixed: list[tuple[str, NDArray[np.float32]]]
    norms: list[tuple[NDArray[np.float32], NDArray[np.float32]]]


def weights_of(model: bytes) -> Weights:
    """Raises ValueError or LookupError where the bytes are none of a model."""
    named: dict[str, NDArray[np.float32]] = {}
    nodes: list[tuple[str, list[str]]] = []
    for number, graph in _fields(memoryview(model)):
        if number != _GRAPH or isinstance(graph, int):
            continue
        for part, content in _fields(graph):
            if isinstance(content, int):
                continue
            if part == _INITIALIZER:
                name, values = _tensor(content)
                named[name.removesuffix(".half").removeprefix("network.")] = values
            elif part == _NODE:
                nodes.append(_node(content))
    products = [(inputs[0], inputs[1]) for operator, inputs in nodes if operator == "MatMul"]
    norms = [(inputs[1], inputs[2]) for operator, inputs in nodes if operator == "LayerNormalization"]
    return Weights(
        named,
        [(left, named[right]) for left, right in products if right in named],
        [(named[scale], named[bias]) for scale, bias in norms],
    )


def _node(content: memoryview) -> tuple[str, list[str]]:
    operator, inputs = "", list[str]()
    for number, value in _fields(content):
        if isinstance(value, int):
            continue
        if number == _NODE_INPUT:
            inputs.append(bytes(value).decode().removeprefix("network."))
        elif number == _NODE_OPERATOR:
            operator = bytes(value).decode()
    return operator, inputs


def _tensor(content: memoryview) -> tuple[str, NDArray[np.float32]]:
    dimensions: list[int] = []
    name, kind, raw = "", 1, memoryview(b"")
    for number, value in _fields(content):
        if isinstance(value, int):
            if number == _TYPE:
                kind = value
            elif number == _DIMENSIONS:
                dimensions.append(value)
        elif number == _DIMENSIONS:
            dimensions += _varints(value)
        elif number == _NAME:
            name = bytes(value).decode()
        elif number in (_RAW, _FLOATS):
            raw = value
    values = np.frombuffer(raw, _KINDS[kind]) if kind in _KINDS else np.zeros(0)
    shaped = values.reshape(dimensions) if values.size == int(np.prod(dimensions)) else values
    return name, shaped.astype(np.float32)


def _varints(data: memoryview) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a message: number and value."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == _BYTES:
            size, at = _varint(data, at)
        elif wire in (_FIXED32, _FIXED64):
            size = 4 if wire == _FIXED32 else 8
        else:
            raise ValueError(f"a field of wire type {wire}")
        if at + size > len(data):
            raise ValueError("a field runs over the end")
        yield number, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
