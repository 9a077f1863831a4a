/** Functions that the language has and this version cannot carry out, with what the message calls them. */
export const laterFunctions: ReadonlySet<string> = new Set([
  "asset",
  "fixture_key",
  "http",
  "listening",
  "reconnect",
  "secret",
  "sql_grants",
  "sql_password_matches",
]);
