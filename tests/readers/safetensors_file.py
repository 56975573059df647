#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a safetensors file by the description of the format, and by Python's package where it is.

    safetensors_file.py FILE

Prints one JSON object, name -> [dtype, shape, values row by row].
"""
import json
import struct
import sys

DTYPES = {"F32": ("float32", "f"), "F64": ("float64", "d"), "I64": ("int64", "q")}


def once(pairs):
    """An object of which no key is there twice."""
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names))
    return dict(pairs)


def read(data):
    """name -> [dtype, shape, values]; asserts what the description asks of a file."""
    length, = struct.unpack_from("<Q", data)
    assert length <= 100_000_000 and 8 + length <= len(data)
    text, numbers = data[8:8 + length], data[8 + length:]
    assert text[:1] == b"{" and length % 8 == 0
    header = json.loads(text.decode("utf-8"), object_pairs_hook=once)
    metadata = header.pop("__metadata__", {})
    assert all(isinstance(value, str) for value in metadata.values())
    tensors, end = {}, 0
    for name, tensor in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        assert sorted(tensor) == ["data_offsets", "dtype", "shape"]
        dtype, letter = DTYPES[tensor["dtype"]]
        begin, end_of_this = tensor["data_offsets"]
        count = 1
        for size in tensor["shape"]:
            count *= size
        # No holes, nothing twice, and each where its numbers may be read in place.
        assert begin == end and begin % struct.calcsize(letter) == 0
        end = end_of_this
        assert end - begin == count * struct.calcsize(letter)
        tensors[name] = [dtype, tensor["shape"], list(struct.unpack_from("<%d%s" % (count, letter), numbers, begin))]
    assert end == len(numbers)
    return tensors


def main():
    with open(sys.argv[1], "rb") as file:
        tensors = read(file.read())
    try:
        from safetensors.numpy import load_file
    except ImportError:
        load_file = None
    if load_file:
        theirs = {name: [str(array.dtype), list(array.shape), array.ravel().tolist()]
                  for name, array in load_file(sys.argv[1]).items()}
        assert theirs == tensors
    print(json.dumps(tensors))


if __name__ == "__main__":
    main()
