"""What the errors of S3 servers are called, and what a person can do about each."""

WHAT_TO_DO = {
    "NoSuchBucket": "Create the bucket, or correct its name in salname.toml.",
    "AccessDenied": "Check the key's rights on the bucket.",
    "403": "Check the key's rights on the bucket.",
    "InvalidAccessKeyId": "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    "SignatureDoesNotMatch": "Check AWS_SECRET_ACCESS_KEY and the clock.",
    "InvalidArgument": "If store.storage_class is set, the server must have a class of that name.",
    "InvalidStorageClass": "Name a class in store.storage_class that the server has.",
    "SSLError": "Name its authority in store.ca_bundle, or correct its certificate.",
    "NoSuchKey": "Take it from another copy, or send it again.",
    "NoCredentialsError": "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
}


def code_of(error: Exception) -> str:
    """S3's word for what went wrong, or the error's own name."""
    answer = getattr(error, "response", None)
    if not isinstance(answer, dict):
        return type(error).__name__
    return str(answer.get("Error", {}).get("Code", ""))
