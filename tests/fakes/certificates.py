"""A certificate for localhost that nobody trusts who was not told to; its key is no secret."""

import ssl
import tempfile
from pathlib import Path

_PEM = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtb788JY/YmtRsxuS
Hf3ATn9/x/JmKX3RKteMvCwLbi+hRANCAAQts5lMONE8Nfqh/7ttDXyWh7CJFjSv
NNqPg8fB1hMA1Ghyw8Jg6iA0AJMpDXsEA641R5ZkdMoryT+1Cz613QhJ
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUaU1WkbaumlrXR+i8bpSEqeN7XAYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODA3MDcyNloYDzIxMjYxMTA0
MDcwNzI2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQts5lMONE8Nfqh/7ttDXyWh7CJFjSvNNqPg8fB1hMA1Ghyw8Jg6iA0
AJMpDXsEA641R5ZkdMoryT+1Cz613QhJo2kwZzAdBgNVHQ4EFgQUpqR4cuypQen9
ZAq2O9PqMsmlq1YwHwYDVR0jBBgwFoAUpqR4cuypQen9ZAq2O9PqMsmlq1YwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgMDPR7qZM31MsG3i/XPh69etPEgxcfT8CU3KckMbBk9UCICKa6JqafcBd
U+YcBwEtA+4daScOoqzbr7QBr3xoAIrR
-----END CERTIFICATE-----
"""

CERTIFICATE = _PEM[_PEM.index("-----BEGIN CERT") :]


def secured() -> ssl.SSLContext:
    """Return what a server needs to be localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder) / "chain.pem"
        chain.write_text(_PEM)
        context.load_cert_chain(chain)
    return context


def trusting() -> ssl.SSLContext:
    """Return what a client needs to believe such a server."""
    return ssl.create_default_context(cadata=CERTIFICATE)
