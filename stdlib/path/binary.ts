/** Text in which each character is one byte: what a host sent, whatever its encoding, without loss. */
export type Binary = string;

const ascii = /^[\0-\x7f]*$/;

/** The bytes as they are. */
export function toBinary(bytes: Uint8Array): Binary {
  // Mostly they are ASCII, which a decoder knows fastest.
  const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (ascii.test(decoded)) return decoded;
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The UTF-8 bytes of a text. */
export function encodeBinary(text: string): Binary {
  return ascii.test(text) ? text : toBinary(new TextEncoder().encode(text));
}

/** The text that the bytes are in UTF-8; what is none becomes U+FFFD. */
export function decodeBinary(binary: Binary): string {
  if (ascii.test(binary)) return binary;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    Uint8Array.from(binary, (character) => character.charCodeAt(0)),
  );
}

/** Two lower-case hexadecimal digits for each byte. */
export function hexOfBinary(binary: Binary): string {
  return Array.from(binary, (character) => character.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}
