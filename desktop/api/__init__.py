"""The web door: other programs ask a model over HTTP, in the document's form. No Qt, and no logic of its own.

``app`` puts it together; ``guard`` lets in only who knows the token, and no more bytes than agreed; ``answering`` turns
a picture into scores; ``messages`` is what goes over the wire. FastAPI is loaded with ``app``, so import it late.
"""
