import { expect, test } from "vitest";
import { tokenize } from "./tokens.ts";
import { clauseWords, placeWords, reservedWords, signs } from "./words.ts";

function kinds(text: string): string[] {
  return tokenize(text).tokens.map((token) => token.tokenType.name);
}

test("there are 26 words that can never be names", () => {
  expect(reservedWords).toHaveLength(26);
  expect(new Set(reservedWords).size).toBe(26);
});

test("every word and sign is a token of its own, also beside names that begin with it", () => {
  for (const word of [...reservedWords, ...clauseWords, ...placeWords]) {
    expect(kinds(word)).toEqual([`word ${word}`]);
    expect(kinds(`${word}x ${word}_1`)).toEqual(["Name", "Name"]);
  }
  for (const [name, sign] of Object.entries(signs)) expect(kinds(sign)).toEqual([name]);
});

test("tables are in the order of the alphabet", () => {
  for (const words of [reservedWords, clauseWords, placeWords]) expect(words).toEqual([...words].toSorted());
});

test("`sh` is a command only directly before a quote", () => {
  expect(kinds('sh"a" sh\'a\' sh"""a""" sh "a" fresh"a" sh')).toEqual([
    "Command",
    "Command",
    "Command",
    "Name",
    "String",
    "Name",
    "String",
    "Name",
  ]);
});

test("ranges and members are not fractions", () => {
  expect(kinds("1..64 1024.. ..5 a[0].b 5m..1h")).toEqual([
    "Int",
    "Range",
    "Int",
    "Int",
    "Range",
    "Range",
    "Int",
    "Name",
    "LSquare",
    "Int",
    "RSquare",
    "Dot",
    "Name",
    "Duration",
    "Range",
    "Duration",
  ]);
});

test("a string ends where its own quotes close, whatever is in its holes", () => {
  for (const text of ['"a ${f("}", \'"\', { a = "x" })} b"', '"""\n ${"""\n""" # " }\n} "\n"""', '"\\${ \\" "', "'\\'"])
    expect(tokenize(`${text} x`).tokens.map((token) => token.image)).toEqual([text, "x"]);
});

test("a string that is not closed ends with its line", () => {
  expect(tokenize('"abc ${x} d\ny').tokens.map((token) => token.image)).toEqual(['"abc ${x} d', "y"]);
  expect(tokenize('"abc ${x" y').tokens.map((token) => token.image)).toEqual(['"abc ${x"', "y"]);
});
