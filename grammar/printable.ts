/**
 * Text that is safe to print in a terminal: control characters as their pictures, and the marks that would
 * turn the direction of what follows as U+FFFD. Each stays one character, so offsets keep their meaning.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, (char) => {
    const code = char.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\uFFFD";
  });
}
