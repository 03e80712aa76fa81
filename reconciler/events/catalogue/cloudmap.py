"""The calls of AWS Cloud Map that can change what a service's registry or Service Connect uses (API of 2017-03-14).

Those that are not here concern no managed service: a registry or namespace that is only being created is used by none.
Whether one that changes is used is in the states.
"""

from __future__ import annotations

from functools import partial

from reconciler.events.catalogue import attributes as sets
from reconciler.events.catalogue.call import Named, change, read, runtime

SOURCE = "servicediscovery.amazonaws.com"

_REGISTRY = Named(kind="registry", request="id")
_NAMESPACE = Named(kind="namespace", request="id")
_TAGGED = Named(kind="any", request="resourceARN")

_NAMESPACES = (
    "aws_service_discovery_http_namespace",
    "aws_service_discovery_private_dns_namespace",
    "aws_service_discovery_public_dns_namespace",
)


_change = partial(change, SOURCE)
_end = partial(_change, effect="ends")
_runtime = partial(runtime, SOURCE)
_read = partial(read, SOURCE)


CALLS = (
    _change(
        "UpdateService",
        "Changes a registry: its DNS records, their lifetime, or its health check.",
        _REGISTRY,
        attributes=sets.REGISTRY,
    ),
    _end(
        "DeleteService", "Deletes a registry; services that point to it can start no task.", _REGISTRY, severity="high"
    ),
    _change(
        "UpdateHttpNamespace",
        "Changes a namespace's description.",
        Named(kind="http-namespace", request="id"),
        severity="low",
        attributes=sets.NAMESPACE,
    ),
    _change(
        "UpdatePrivateDnsNamespace",
        "Changes a namespace's description or the lifetime of its SOA record.",
        Named(kind="private-dns-namespace", request="id"),
        severity="low",
        attributes=sets.NAMESPACE,
    ),
    _change(
        "UpdatePublicDnsNamespace",
        "Changes a namespace's description or the lifetime of its SOA record.",
        Named(kind="public-dns-namespace", request="id"),
        severity="low",
        attributes=sets.NAMESPACE,
    ),
    _end("DeleteNamespace", "Deletes a namespace.", _NAMESPACE, severity="high", also=_NAMESPACES),
    _change(
        "TagResource",
        "Sets tags of a registry or namespace.",
        _TAGGED,
        severity="low",
        attributes=sets.TAGS,
        also=_NAMESPACES,
    ),
    _change(
        "UntagResource",
        "Removes tags of a registry or namespace.",
        _TAGGED,
        severity="low",
        attributes=sets.TAG_KEYS,
        also=_NAMESPACES,
    ),
    _runtime("RegisterInstance", "A task registers itself; Amazon ECS does this for every task that starts."),
    _runtime("DeregisterInstance", "A task is taken out; Amazon ECS does this for every task that stops."),
    _runtime("UpdateInstanceCustomHealthStatus", "A task's health is reported; no resource keeps it."),
    _read("DiscoverInstances"),
    _read("DiscoverInstancesRevision"),
    _read("GetInstance"),
    _read("GetInstancesHealthStatus"),
    _read("GetNamespace"),
    _read("GetOperation"),
    _read("GetService"),
    _read("GetServiceAttributes"),
    _read("ListInstances"),
    _read("ListNamespaces"),
    _read("ListOperations"),
    _read("ListServices"),
    _read("ListTagsForResource"),
)
