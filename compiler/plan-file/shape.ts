/** Why a value is not of a shape: where in the document, and what was wanted there; undefined when it is. */
export type Misfit = { readonly path: string; readonly wanted: string } | undefined;

/** A test of values that come from outside. */
export type Shape = (value: unknown, path: string) => Misfit;

const test =
  (wanted: string, holds: (value: unknown) => boolean): Shape =>
  (value, path) =>
    holds(value) ? undefined : { path, wanted };

/** Any text. */
export const text: Shape = test("text", (value) => typeof value === "string");

/** Yes or no. */
export const yesNo: Shape = test("true or false", (value) => typeof value === "boolean");

/** A whole number that is not negative. */
export const count: Shape = test("a whole number", (value) => Number.isSafeInteger(value) && Number(value) >= 0);

/** A whole number. */
export const whole: Shape = test("a whole number", (value) => Number.isSafeInteger(value));

/** SHA-256 in lower-case hexadecimal. */
export const digest: Shape = test("a digest", (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value));

/** One of a few texts or numbers. */
export function oneOf(...values: readonly (string | number)[]): Shape {
  return test(values.map(String).join(" or "), (value) => values.some((one) => one === value));
}

/** The shape, or null. */
export const orNull =
  (shape: Shape): Shape =>
  (value, path) =>
    value === null ? undefined : shape(value, path);

/** The first of some shapes that fits. */
export function either(wanted: string, ...shapes: readonly Shape[]): Shape {
  return (value, path) => (shapes.some((shape) => shape(value, path) === undefined) ? undefined : { path, wanted });
}

/** A list whose items all fit. */
export const listOf =
  (item: Shape): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) return { path, wanted: "a list" };
    for (const [at, one] of value.entries()) {
      const misfit = item(one, `${path}[${at}]`);
      if (misfit) return misfit;
    }
    return undefined;
  };

/** An object with the fields of one table, with or without those of the other, and none besides. */
export function record(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  return (value, path) => {
    if (!isObject(value)) return { path, wanted: "an object" };
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(value, name)) return { path: `${path}.${name}`, wanted: "a value" };
    }
    for (const [name, one] of Object.entries(value)) {
      const known = Object.hasOwn(required, name)
        ? required[name]
        : Object.hasOwn(optional, name)
          ? optional[name]
          : undefined;
      if (!known) return { path: `${path}.${name}`, wanted: "no such field" };
      const misfit = known(one, `${path}.${name}`);
      if (misfit) return misfit;
    }
    return undefined;
  };
}

/** An object of any names whose values all fit. */
export const mapOf =
  (item: Shape): Shape =>
  (value, path) => {
    if (!isObject(value)) return { path, wanted: "an object" };
    for (const [name, one] of Object.entries(value)) {
      const misfit = item(one, `${path}.${name}`);
      if (misfit) return misfit;
    }
    return undefined;
  };

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
