"""The scenarios of good answers in shapes that gateways give them, for `scenarios.SCENARIOS`.

Each holds a picture that was paid for, or says where it is.
"""

import zlib
from collections.abc import Mapping

from mkdocs_gemini_images.emulator.answers import envelopes
from mkdocs_gemini_images.emulator.scenario import Scenario

GATEWAY_SCENARIOS: Mapping[str, Scenario] = {
    "sse-unasked": Scenario("Server-sent events where JSON was asked for.",
                            wrap=envelopes.as_events),
    "chunks-unasked": Scenario("A list of chunks where one object was asked for.",
                               wrap=envelopes.as_chunks),
    "in-response": Scenario("The answer inside `response`.", corrupt_body=envelopes.in_response),
    "in-data": Scenario("The answer inside `data`, beside a code.",
                        corrupt_body=envelopes.in_data),
    "in-string": Scenario("The answer as JSON in a string.", corrupt_body=envelopes.in_string),
    "data-url": Scenario("Base64 behind the head of a data: URL.",
                         corrupt_body=envelopes.with_data_url),
    "base64-lines": Scenario("Base64 in lines, without padding.",
                             corrupt_body=envelopes.with_base64_in_lines),
    "space-behind": Scenario("A line end behind the picture's last byte.",
                             corrupt_body=envelopes.with_space_after_image),
    "second-candidate": Scenario("Words in the first candidate, the picture in the second.",
                                 corrupt_body=envelopes.in_second_candidate),
    "latin-1": Scenario("A byte that is no UTF-8 among the words.", wrap=envelopes.with_latin_1),
    "byte-order-mark": Scenario("A byte order mark before the JSON.", wrap=envelopes.with_mark),
    "openai-chat": Scenario("OpenAI's chat: `message.images`.", corrupt_body=envelopes.as_chat),
    "openai-parts": Scenario("OpenAI's chat: parts of `message.content`.",
                             corrupt_body=envelopes.as_chat_parts),
    "openai-images": Scenario("OpenAI's images: `data[].b64_json`.",
                              corrupt_body=envelopes.as_image_list),
    "openai-url": Scenario("OpenAI's images: `data[].url`, an address.",
                           corrupt_body=envelopes.as_image_address),
    "file-uri": Scenario("An address in `fileData` instead of the picture.",
                         corrupt_body=envelopes.as_file_uri),
    "jpg-type": Scenario("The picture's type is `image/jpg`, which no request may have.",
                         corrupt_body=envelopes.with_jpg_type),
    "no-signature": Scenario("No signatures: the turn cannot be repeated.",
                             corrupt_body=envelopes.without_signatures),
    "foreign-signature": Scenario("Signatures that 3 Pro refuses when they come back.",
                                  corrupt_body=envelopes.with_foreign_signatures),
    "deflate": Scenario("Packed with deflate, unasked.", wrap=zlib.compress,
                        headers={"Content-Encoding": "deflate"}),
    "raw-deflate": Scenario("Packed with deflate that has no header.",
                            wrap=envelopes.without_zlib_header,
                            headers={"Content-Encoding": "deflate"}),
    "brotli": Scenario("Packed with Brotli, unasked.", wrap=envelopes.as_brotli,
                       headers={"Content-Encoding": "br"}),
    "zstd": Scenario("Packed with Zstandard, unasked.", wrap=envelopes.as_zstd,
                     headers={"Content-Encoding": "zstd"}),
    "base64-in-words": Scenario("The picture's base64 in the words, as code.",
                                corrupt_body=envelopes.in_words),
    "image-alone": Scenario("The picture itself, without JSON.", wrap=envelopes.as_picture),
    "message-and-address": Scenario("A message, and the picture's address beside it.",
                                    corrupt_body=envelopes.as_message),
    "task-number": Scenario("A message, and a number under which the picture can be had.",
                            corrupt_body=envelopes.as_task),
    "unknown-place": Scenario("The picture in a field that no client knows.",
                              corrupt_body=envelopes.in_unknown_place),
    "usage-nonsense": Scenario("Token counts a thousand times too high.",
                               corrupt_body=envelopes.with_nonsense_usage),
}  # fmt: skip
"""By name, in the order of the manual."""
