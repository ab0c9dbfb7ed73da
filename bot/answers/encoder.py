"""Turn texts into vectors with the configured sentence encoder; needs the extra ``semantic``.

A folder holds ``model.onnx`` (a sentence encoder: token ids in, hidden states or one vector a text out) and
``tokenizer.json``. Vectors have length one, so that their product is their similarity. Everything here takes its time:
call it in a thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.errors import ConfigError

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
POOLED_OUTPUT = (
    "sentence_embedding"  # the output that is taken before all others, by the name exporters give it
)
MAX_MODEL_BYTES = 2_000_000_000  # bytes of a model: what its format can hold
MAX_TEXT_TOKENS = 160  # tokens of a text that are read
MAX_ENCODED_CHARS = 12 * MAX_TEXT_TOKENS  # of a text that are cut into tokens
BATCH_TEXTS = 16  # texts encoded at a time
VECTOR_FORM = (
    "1"  # of what is made here of a model's output: with another one, other vectors come of the same files
)


class OnnxEncoder:
    """An opened encoder; ``id`` identifies its files, and is stored with every vector."""

    def __init__(self, *, id_: str, session: Any, tokenizer: Any, numpy: Any) -> None:
        self.id = id_
        self._session = session
        self._tokenizer = tokenizer
        self._numpy = numpy
        self._wanted = [given.name for given in session.get_inputs()]
        outputs = [given.name for given in session.get_outputs()]
        self._output = POOLED_OUTPUT if POOLED_OUTPUT in outputs else outputs[0]

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vector of each of ``texts``, as half-precision numbers; raises ``ConfigError`` where it cannot."""
        found: list[bytes] = []
        try:
            for start in range(0, len(texts), BATCH_TEXTS):
                vectors = self._encoded(texts[start : start + BATCH_TEXTS])
                found += [vector.tobytes() for vector in vectors]
        except Exception as error:  # each library has errors of its own
            raise ConfigError(
                f"answers.encoder: the encoder does not work: {(str(error).splitlines() or [''])[0]}",
                hint="It takes input_ids and attention_mask and gives hidden states, as sentence encoders in ONNX form do",
            ) from error
        return found

    def similarity(self, one: bytes, others: Sequence[bytes]) -> list[float]:
        """Return the cosine of ``one`` with each of ``others``."""
        if not others:
            return []
        np = self._numpy
        vectors = np.frombuffer(b"".join(others), dtype=np.float16).reshape(len(others), -1)
        cosines: list[float] = (
            vectors.astype(np.float32) @ np.frombuffer(one, dtype=np.float16).astype(np.float32)
        ).tolist()
        return cosines

    def _encoded(self, texts: Sequence[str]) -> Any:
        np = self._numpy
        ids = [self._tokenizer.encode(text[:MAX_ENCODED_CHARS]).ids for text in texts]
        given = {
            name: np.zeros((len(texts), max(1, *map(len, ids))), dtype=np.int64)
            for name in ("input_ids", "attention_mask", "token_type_ids")
        }
        for row, tokens in enumerate(ids):
            given["input_ids"][row, : len(tokens)] = tokens
            given["attention_mask"][row, : len(tokens)] = 1
        (made,) = self._session.run([self._output], {name: given[name] for name in self._wanted})
        if made.ndim == 3:  # hidden states: their mean over a text's tokens
            mask = given["attention_mask"][..., None]
            made = (made * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
        if made.ndim != 2 or len(made) != len(texts) or not np.isfinite(made).all():
            raise ValueError(f"{self._output!r} holds no vector for each text")
        length = np.linalg.norm(made, axis=1, keepdims=True)
        return (made / np.maximum(length, 1e-9)).astype(np.float16)


def open_encoder(folder: Path) -> OnnxEncoder:
    """Return the tested encoder in ``folder``; raises ``ConfigError`` naming what is missing or wrong."""
    try:
        # Of the extra, and slow to import: only where an encoder is opened.
        import numpy  # noqa: PLC0415, ICN001
        import onnxruntime  # noqa: PLC0415
        import tokenizers  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError(
            f"answers.encoder needs the package {error.name!r}",
            hint='Install it with: pip install "wirebrief[semantic]"',
        ) from error
    digests = [hashlib.sha256(_read(folder / name)).digest() for name in (MODEL, TOKENIZER)]
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what goes wrong is raised, too
    options.intra_op_num_threads = 1  # the others' questions want the machine as well
    options.enable_cpu_mem_arena = False  # what one question took would never be given back
    try:
        session = onnxruntime.InferenceSession(
            str(folder / MODEL),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["ConstantFolding"],  # it unpacks an eight-bit model into four times the room
        )
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.enable_truncation(MAX_TEXT_TOKENS)
        tokenizer.no_padding()
    except Exception as error:  # each library has errors of its own
        raise ConfigError(
            f"answers.encoder: {str(folder)!r} holds no encoder: {(str(error).splitlines() or [''])[0]}",
            hint=f"{MODEL} and {TOKENIZER} are whole files, as a sentence encoder is published in ONNX form",
        ) from error
    encoder = OnnxEncoder(
        id_=f"enc-{VECTOR_FORM}-{hashlib.sha256(b''.join(digests)).hexdigest()[:16]}",
        session=session,
        tokenizer=tokenizer,
        numpy=numpy,
    )
    encoder.encode(["Does it work?", "Yes."])
    return encoder


def _read(file: Path) -> bytes:
    hint = f"Name the folder that holds {MODEL} and {TOKENIZER}, or leave answers.encoder empty"
    try:
        if file.stat().st_size > MAX_MODEL_BYTES:
            raise ConfigError(f"answers.encoder: {str(file)!r} is too large", hint=hint)
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"answers.encoder: {str(file)!r} cannot be read: {error.strerror}", hint=hint
        ) from error
