/**
 * Text from a target as it may be shown: without escape sequences and other control characters, which could change what a
 * terminal shows of everything else. Newlines and tabs stay.
 */
export function printable(text: string): string {
  return (
    text
      // Sequences as a whole (colours, cursor, titles), then single characters.
      .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g, "")
      .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "")
  );
}
