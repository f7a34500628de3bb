"""Plants spread over processes: the configuration of an nginx that brings each call to the process of its plant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.runtime.description import check_name
from mock_ctrader.runtime.settings import Settings, is_web_address

_KIB = 1024
_HOST = r"(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])"
_ADDRESS = re.compile(rf"http://({_HOST}:[0-9]+)/?")
_NOT_IN_QUOTES = re.compile(r'["$\\\n]')


@dataclass(frozen=True, slots=True)
class Process:
    """A `mock-ctrader serve`, and the plants that it has."""

    plants: tuple[str, ...]
    address: str
    """Host and port."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What nginx speaks https with."""

    file: str
    key: str


def read_process(text: str) -> Process:
    """Read ``plant-a,plant-b=http://127.0.0.1:8701``.

    Raises:
        SettingsError: it says something else.
    """
    named, _, url = text.partition("=")
    plants = tuple(name.strip() for name in named.split(","))
    address = _ADDRESS.fullmatch(url)
    if address is None or not is_web_address(url):
        cure = "As in acme,bravo=http://127.0.0.1:8701; https is nginx's matter: --certificate."
        raise SettingsError(f"'{text}' is no PLANT[,PLANT...]=URL.", where="--serve", cure=cure)
    for name in plants:
        try:
            check_name(name)
        except SettingsError as error:
            raise SettingsError(error.what, where="--serve", cure=error.cure) from None
    return Process(plants, address[1])


def configuration(
    settings: Settings, processes: Sequence[Process], *, timeout: float = 60.0, certificate: Certificate | None = None
) -> str:
    """Return an ``nginx.conf``; nginx listens where the settings say.

    What names no plant that a process has goes to the process of the default plant, or to the first one. ``timeout``
    is how many seconds a process may take to answer a call; then nginx says 504.

    Raises:
        SettingsError: the processes do not go together with one another or with the settings.
    """
    _check(settings, processes)
    at = {plant: number for number, process in enumerate(processes, 1) for plant in process.plants}
    upstreams = [_UPSTREAM.format(number=number, address=one.address) for number, one in enumerate(processes, 1)]
    limits = settings.limits
    return _CONFIGURATION.format(
        upstreams="\n".join(upstreams),
        hash_size=max(2048, 4 * len(at)),
        routes="\n".join(f"        {plant} serve_{number};" for plant, number in at.items()),
        others=f"serve_{at.get(settings.plant, 1)}",
        listen=_listen(settings, certificate),
        head=-(-(max(limits.url, limits.header) + _KIB) // _KIB),
        head_time=_milliseconds(limits.header_time),
        idle_time=_milliseconds(limits.idle_time),
        timeout=_milliseconds(timeout),
    )


def listens_on(settings: Settings) -> str:
    """Return host and port of the address that the settings have nginx listen on."""
    return f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"


def _milliseconds(seconds: float) -> str:
    return f"{max(1, round(seconds * 1000))}ms"


def _check(settings: Settings, processes: Sequence[Process]) -> None:
    if settings.tls:
        cure = "Leave it out, and give nginx a certificate: --certificate."
        raise SettingsError("is for processes that are called without nginx.", where="tls", cure=cure)
    if not _ADDRESS.fullmatch(f"http://{listens_on(settings)}"):
        raise SettingsError(f"'{settings.host}' is no address.", where="host", cure="127.0.0.1 is the default.")
    if settings.port == 0:
        raise SettingsError("nginx takes no free port by itself.", where="port", cure="8765 is the default.")
    served = [plant for process in processes for plant in process.plants]
    addresses = [process.address for process in processes]
    for said, what in ((served, "the plant"), (addresses, "the address")):
        for twice in said:
            if said.count(twice) > 1:
                raise SettingsError(f"{what} '{twice}' is given twice.", where="--serve", cure="Give it once.")
    if listens_on(settings) in addresses:
        cure = "Give the processes other ports, or nginx one with --port."
        raise SettingsError(f"nginx itself is to listen on {listens_on(settings)}.", where="--serve", cure=cure)
    for plant in settings.plants:
        if plant not in served:
            what = f"no process has the plant '{plant}' of the settings."
            raise SettingsError(what, where="--serve", cure=f"Add it to one of them. {nearest(plant, served)}")


def _listen(settings: Settings, certificate: Certificate | None) -> str:
    if certificate is None:
        return f"listen {listens_on(settings)} backlog=1024;"
    for file in (certificate.file, certificate.key):
        if _NOT_IN_QUOTES.search(file):
            cure = "Name it without quotes, dollars and backslashes."
            raise SettingsError("cannot be written into nginx.conf.", where=file, cure=cure)
    return (
        f"listen {listens_on(settings)} ssl backlog=1024;\n"
        f'        ssl_certificate "{certificate.file}";\n'
        f'        ssl_certificate_key "{certificate.key}";'
    )


_UPSTREAM = """\
    upstream serve_{number} {{
        server {address} max_fails=0;
        keepalive 128;
        keepalive_requests 1000000;
    }}"""
_CONFIGURATION = """\
# Plants of mock-ctrader, spread over processes: written by `mock-ctrader nginx`, which can write it again.
# In a folder of its own:  nginx -e stderr -p . -c nginx.conf -g 'daemon off;'
pid nginx.pid;
worker_processes auto;
worker_rlimit_nofile 16384;
error_log stderr alert;  # what is milder tells of requests, and a token stands in the query of most

events {{
    worker_connections 8192;
}}

http {{
    access_log off;  # for the same reason
    server_tokens off;
    client_body_temp_path temp;  # nothing comes there, but nginx wants to have them
    proxy_temp_path temp;
    fastcgi_temp_path temp;
    uwsgi_temp_path temp;
    scgi_temp_path temp;

{upstreams}

    map_hash_bucket_size 128;
    map_hash_max_size {hash_size};

    # Which plant a call is for: the path says it, or the host, {{environment}}-{{plant}} in front of a dot.
    map $request_uri $plant_in_path {{
        ~^/+_mock/plants/(?<named>[^/?]+)  $named;
        ~^/+(?<first>[^/?]+)/              $first;
    }}
    map $host $plant_in_host {{
        ~^[^-.]+-(?<behind>[^.]+)  $behind;
    }}
    # Which process has it.
    map $plant_in_path $by_path {{
{routes}
    }}
    map $plant_in_host $by_host {{
{routes}
        default {others};
    }}
    map $by_path $process {{
        ""      $by_host;
        default $by_path;
    }}
    # 502 tells that a process is not there. Where one took the call and broke off, as faults do, the caller sees
    # the same; but nginx would say 502 then, too.
    map $upstream_connect_time $was_there {{
        ~[0-9]  yes;
    }}

    server {{
        {listen}
        keepalive_timeout {idle_time};
        keepalive_requests 1000000;
        client_header_timeout {head_time};

        # What a call may hold is for the processes to say; they answer as they would without nginx. Nothing is kept
        # on the way: neither bodies in files nor events of the dashboard in buffers.
        large_client_header_buffers 8 {head}k;
        underscores_in_headers on;
        client_max_body_size 0;
        proxy_request_buffering off;
        proxy_buffering off;
        proxy_next_upstream off;  # a call is made once

        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        # Believed by processes whose `trusted_proxies` has this nginx.
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_connect_timeout 5s;
        proxy_read_timeout {timeout};

        error_page 502 @broken;

        location / {{
            proxy_pass http://$process;
        }}

        # The admin API: of a plant at its usual address, of a process below the name of one of its plants.
        location ~ ^(/[^/]+)?/_mock/ {{
            rewrite ^/[^/]+(/_mock/.*)$ $1 break;
            proxy_read_timeout 1h;
            proxy_pass http://$process;
        }}

        location @broken {{
            if ($was_there) {{
                return 444;
            }}
            return 502;
        }}
    }}
}}
"""
