#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a file as `torch.load` does by default since PyTorch 2.6, without PyTorch.

    weights_only.py FILE

What torch/_weights_only_unpickler.py of 2.6.0 allows is allowed, and nothing else. Prints one JSON
object, name -> [dtype, shape, values row by row] of a tensor, other values as they are.
"""
import json
import pickle
import pickletools
import struct
import sys
import zipfile

OPCODES = set(
    """APPEND APPENDS BINFLOAT BINGET BININT BININT1 BININT2 BINPERSID BINPUT BINUNICODE BUILD
    EMPTY_DICT EMPTY_LIST EMPTY_SET EMPTY_TUPLE GLOBAL LONG1 LONG_BINGET LONG_BINPUT MARK NEWFALSE
    NEWOBJ NEWTRUE NONE PROTO REDUCE SETITEM SETITEMS SHORT_BINSTRING STOP TUPLE TUPLE1 TUPLE2
    TUPLE3""".split())

_NUMBERS = "BFloat16 Bool Byte Char ComplexDouble ComplexFloat Double Float Half Int Long Short"
_SPARSE = "BFloat16 Byte Char Double Float Half Int Long Short"
GLOBALS = set(
    """_codecs.encode builtins.bytearray builtins.complex builtins.set collections.Counter
    collections.OrderedDict torch.BoolTensor torch.QInt32Storage torch.QInt8Storage
    torch.QUInt2x4Storage torch.QUInt4x2Storage torch.QUInt8Storage torch.Size torch.Tensor
    torch._tensor._rebuild_from_type_v2 torch._utils._rebuild_device_tensor_from_cpu_tensor
    torch._utils._rebuild_device_tensor_from_numpy torch._utils._rebuild_meta_tensor_no_storage
    torch._utils._rebuild_nested_tensor torch._utils._rebuild_parameter
    torch._utils._rebuild_parameter_with_state torch._utils._rebuild_qtensor
    torch._utils._rebuild_sparse_tensor torch._utils._rebuild_tensor
    torch._utils._rebuild_tensor_v2 torch._utils._rebuild_tensor_v3
    torch._utils._rebuild_wrapper_subclass torch.bfloat16 torch.bits16 torch.bits1x8 torch.bits2x4
    torch.bits4x2 torch.bits8 torch.bool torch.complex128 torch.complex32 torch.complex64
    torch.cuda.BoolTensor torch.device torch.float16 torch.float32 torch.float64
    torch.float8_e4m3fn torch.float8_e4m3fnuz torch.float8_e5m2 torch.float8_e5m2fnuz torch.int16
    torch.int32 torch.int64 torch.int8 torch.nn.parameter.Parameter torch.per_channel_affine
    torch.per_channel_affine_float_qparams torch.per_channel_symmetric torch.per_tensor_affine
    torch.per_tensor_symmetric torch.qint32 torch.qint8 torch.quint2x4 torch.quint4x2 torch.quint8
    torch.serialization._get_layout torch.storage.TypedStorage torch.storage.UntypedStorage
    torch.uint16 torch.uint32 torch.uint64 torch.uint8""".split()
    + ["torch%s.%sStorage" % (place, number) for place in ("", ".cuda") for number in _NUMBERS.split()]
    + ["torch%s.%sTensor" % (place, number) for place in ("", ".cuda", ".sparse", ".cuda.sparse")
       for number in _SPARSE.split()])

# What our files may hold, of what is allowed: type of the storage -> dtype, format of struct.
STORAGES = {"FloatStorage": ("float32", "f"), "DoubleStorage": ("float64", "d"), "LongStorage": ("int64", "q"),
            "BoolStorage": ("bool", "?"), "ByteStorage": ("uint8", "B"), "IntStorage": ("int32", "i")}


def rebuild_tensor(storage, offset, size, stride, requires_grad, hooks, *rest):
    """The values of a tensor, row by row."""
    dtype, numbers = storage
    assert requires_grad is False and not hooks and not rest
    places = [offset]
    for length, step in zip(size, stride):
        places = [place + i * step for place in places for i in range(length)]
    return [dtype, list(size), [numbers[place] for place in places]]


class Reader(pickle.Unpickler):
    """Unpickles one data.pkl; `records` are the files beside it."""

    def __init__(self, archive, folder):
        self.archive, self.folder = archive, folder
        super().__init__(archive.open(folder + "data.pkl"))

    def find_class(self, module, name):
        if module + "." + name not in GLOBALS:
            raise pickle.UnpicklingError("Unsupported global: " + module + "." + name)
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return rebuild_tensor
        return name if module == "torch" else super().find_class(module, name)

    def persistent_load(self, pid):
        kind, storage, key, place, count = pid
        assert kind == "storage" and place == "cpu"
        dtype, letter = STORAGES[storage]
        data = self.archive.read(self.folder + "data/" + key)
        return dtype, struct.unpack("<%d%s" % (count, letter), data)


def main():
    with zipfile.ZipFile(sys.argv[1]) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        folder = next(name for name in names if name.endswith("/data.pkl"))[:-len("data.pkl")]
        # Otherwise it would be opened as TorchScript, which weights_only refuses.
        assert folder + "constants.pkl" not in names
        # PyTorch reads the numbers in place.
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
        for code, argument, _ in pickletools.genops(archive.read(folder + "data.pkl")):
            assert code.name in OPCODES, code.name
            assert code.name != "PROTO" or argument == 2
        read = Reader(archive, folder).load()
        assert type(read) is dict
        print(json.dumps(read))


if __name__ == "__main__":
    main()
