"""Reads texts by Python's own protobuf, for the contract test: a JSON list of texts in, a JSON list of readings out.

A reading is null where the text is refused. The message is made here: the fields of Triton's ModelConfig that matter, by
their numbers in its model_config.proto, and some of every type.
"""

import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory, text_format

Field = descriptor_pb2.FieldDescriptorProto


def add(message, name, number, kind, type_name=None, repeated=False):
    field = message.field.add(name=name, number=number, type=kind)
    field.label = Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL
    if type_name is not None:
        field.type_name = type_name


def model_class():
    file = descriptor_pb2.FileDescriptorProto(name="model.proto", package="t", syntax="proto2")
    kind = file.enum_type.add(name="Kind")
    for number, name in enumerate(["KIND_AUTO", "KIND_GPU", "KIND_CPU", "KIND_MODEL"]):
        kind.value.add(name=name, number=number)
    limiter = file.message_type.add(name="Limiter")
    add(limiter, "priority", 2, Field.TYPE_UINT32)
    group = file.message_type.add(name="Group")
    add(group, "name", 1, Field.TYPE_STRING)
    add(group, "count", 2, Field.TYPE_INT32)
    add(group, "gpus", 3, Field.TYPE_INT32, repeated=True)
    add(group, "kind", 4, Field.TYPE_ENUM, ".t.Kind")
    add(group, "profile", 5, Field.TYPE_STRING, repeated=True)
    add(group, "rate_limiter", 6, Field.TYPE_MESSAGE, ".t.Limiter")
    add(group, "passive", 7, Field.TYPE_BOOL)
    model = file.message_type.add(name="Model")
    add(model, "name", 1, Field.TYPE_STRING)
    add(model, "max_batch_size", 4, Field.TYPE_INT32)
    add(model, "instance_group", 7, Field.TYPE_MESSAGE, ".t.Group", repeated=True)
    add(model, "s", 101, Field.TYPE_STRING, repeated=True)
    add(model, "i", 102, Field.TYPE_INT64, repeated=True)
    add(model, "f", 103, Field.TYPE_DOUBLE, repeated=True)
    add(model, "m", 104, Field.TYPE_MESSAGE, ".t.Model", repeated=True)
    model.extension_range.add(start=200, end=300)
    extension = file.extension.add(name="extra", number=200, type=Field.TYPE_INT32, extendee=".t.Model")
    extension.label = Field.LABEL_OPTIONAL
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file) if hasattr(pool, "Add") else pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("t.Model"))


def read(text, make, pool):
    # Parsing changes the message on its way, so that each text gets a new one.
    try:
        message = text_format.Parse(text, make(), descriptor_pool=pool)
    except (text_format.ParseError, UnicodeDecodeError, ValueError):
        return None
    return json_format.MessageToDict(message, preserving_proto_field_name=True, descriptor_pool=pool)


Model = model_class()
pool = Model.DESCRIPTOR.file.pool
print(json.dumps([read(text, Model, pool) for text in json.load(sys.stdin)]))
