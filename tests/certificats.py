"""A certificate that nobody but a test trusts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certifier(nom: x509.GeneralName, fichier: Path, secret: Path) -> None:
    """Write a certificate of a server of this name, its own authority, and its key."""
    cle = ec.generate_private_key(ec.SECP256R1())
    sujet = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")])
    hier = datetime.now(UTC) - timedelta(days=1)
    signe = (
        x509.CertificateBuilder()
        .subject_name(sujet)
        .issuer_name(sujet)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(hier)
        .not_valid_after(hier + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([nom]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(cle, hashes.SHA256())
    )
    fichier.write_bytes(signe.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        cle.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
