import type { Refinement } from "../../kind/type.ts";

/** What a text becomes under a refinement (paths are normalised, host names are in lower case), or why it does not fit, as the end of "it …". */
export function refine(text: string, refinement: Refinement): string | { readonly problem: string } {
  switch (refinement) {
    case "path":
      return path(text);
    case "hostname":
      return isHostname(text)
        ? text.toLowerCase()
        : { problem: "is no host name: letters, digits and `-` between dots, at most 253 characters" };
    case "ip":
      return isIp(text) ? text : { problem: "is no IP address" };
    case "cidr":
      return isCidr(text) ? text : { problem: "is no network; one is written 10.0.0.0/24 or 2001:db8::/32" };
    case "url":
      return /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+[^\s]*$/i.test(text) || /^file:\/\/\/\S*$/i.test(text)
        ? text
        : { problem: "is no URL; one begins with a scheme and a host, such as https://example.org/" };
    case "version":
      return /^[A-Za-z0-9][A-Za-z0-9.+~:_*-]*$/.test(text) ? text : { problem: "is no version" };
    case "ssh_key":
      return isSshKey(text) ? text : { problem: "is no public SSH key; one is a line such as ssh-ed25519 AAAA… name" };
    case "port":
      return { problem: "is text; a port is a number from 1 to 65535" };
  }
}

/** An absolute path without doubled or trailing slashes; `..` would let one place have two names. */
function path(text: string): string | { readonly problem: string } {
  if (!text.startsWith("/")) return { problem: "is no absolute path, it must begin with /" };
  if (text.includes("\0")) return { problem: "holds a NUL, which no path can" };
  const parts = text.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return { problem: "goes up with `..`; write the path that is meant" };
  return `/${parts.join("/")}`;
}

function isHostname(text: string): boolean {
  return (
    text.length <= 253 &&
    text
      .replace(/\.$/, "")
      .split(".")
      .every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label))
  );
}

/** Whether a text is an IPv4 or IPv6 address. */
export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = (half: string, isLast: boolean): number => {
    if (half === "") return 0;
    const parts = half.split(":");
    const last = parts.at(-1) ?? "";
    const embedded = isLast && isIpv4(last);
    const plain = embedded ? parts.slice(0, -1) : parts;
    return plain.every((part) => /^[0-9A-Fa-f]{1,4}$/.test(part)) ? plain.length + (embedded ? 2 : 0) : Number.NaN;
  };
  const [head = "", tail] = halves;
  if (tail === undefined) return groups(head, true) === 8;
  return groups(head, false) + groups(tail, true) <= 7;
}

function isCidr(text: string): boolean {
  const [address = "", bits = "", rest] = text.split("/");
  if (rest !== undefined || !/^(?:0|[1-9][0-9]{0,2})$/.test(bits)) return false;
  return (isIpv4(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128);
}

function isSshKey(text: string): boolean {
  const [algorithm = "", body = ""] = text.split(" ");
  return (
    !/[\n\r\0]/.test(text) &&
    /^(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/.test(
      algorithm,
    ) &&
    /^[A-Za-z0-9+/]{16,}={0,3}$/.test(body)
  );
}
