import { afterEach, expect, test } from "vitest";
import { type Bench, makeBench } from "../test/open-shell.ts";
import { shells } from "../test/verbs/shells.ts";
import type { OpenOptions } from "../test/open-shell.ts";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

/**
 * Stands in for sudo: writes down what it reads and how it is called, and takes one password. As the real one it reads the
 * password byte by byte after its prompt, and asks again when it was wrong.
 */
const sudo = (password: string, rules = "ALL") => `
echo "$*" | head -c 40 >>"$0.calls"
case $1 in
-n)
	[ '${rules}' = NOPASSWD ] || { echo "sudo: a password is required" >&2; exit 1; }
	shift
	exec "$@" ;;
esac
[ "$1 $2 $3" = "-k -S -p" ] || exit 9
prompt=$4
shift 5
for try in 1 2 3; do
	printf '%s' "$prompt" >&2
	IFS= read -r given || exit 1
	printf '%s\\n' "$given" >>"$0.given"
	if [ "$given" = '${password}' ]; then
		[ '${rules}' = none ] && { echo "ann is not in the sudoers file." >&2; exit 1; }
		exec "$@"
	fi
	echo "Sorry, try again." >&2
done
exit 1
`;
const hello = async (options: OpenOptions) => {
  const session = await (bench ??= makeBench()).open({ unprivileged: true, ...options });
  return Buffer.from((await session.run({ script: "echo hello" })).output).toString();
};
const given = () => bench?.read("bin/sudo.given");

for (const shell of shells) {
  test(`${shell.name}: sudo without a password`, async () => {
    bench = makeBench(shell);
    const askPassword = async () => expect.unreachable();
    expect(await hello({ programs: { sudo: sudo("", "NOPASSWD") }, askPassword })).toBe("hello\n");
  });

  test(`${shell.name}: sudo with a password, which is all that it is given`, async () => {
    bench = makeBench(shell);
    const asked: string[] = [];
    const askPassword = async (what: string) => {
      asked.push(what);
      return "p w!'\"$(id)\\";
    };
    const programs = { sudo: sudo(`p w!'\\''"$(id)\\`) };
    expect(await hello({ programs, askPassword })).toBe("hello\n");
    expect(asked).toEqual(["Password of bench for sudo"]);
    expect(given()).toBe("p w!'\"$(id)\\\n");
    expect(bench.read("bin/sudo.calls")).not.toContain("p w!");
  });

  test(`${shell.name}: a wrong password is refused after one try`, async () => {
    bench = makeBench(shell);
    const opened = await bench.tryOpen({
      unprivileged: true,
      programs: { sudo: sudo("right") },
      askPassword: async () => "wrong",
    });
    expect(opened).toEqual({
      failure: "refused",
      message: "sudo did not take the password",
      hints: ["try again with the password of the login on the target"],
    });
    expect(given()).toBe("wrong\n");
  });
}

test("nobody to ask: no password is sent", async () => {
  bench = makeBench();
  expect(await bench.tryOpen({ unprivileged: true, programs: { sudo: sudo("x") } })).toEqual({
    failure: "refused",
    message: "sudo on the target asks for a password, and there is no terminal to ask for it",
    hints: ["run galley on a terminal, or let the login use sudo without a password (NOPASSWD)"],
  });
  expect(given()).toBeUndefined();
});

test("sudo takes the password and refuses the login: in its own words", async () => {
  bench = makeBench();
  const programs = { sudo: sudo("x", "none") };
  expect(await bench.tryOpen({ unprivileged: true, programs, askPassword: async () => "x" })).toEqual({
    failure: "refused",
    message: "sudo refused to make the login root: ann is not in the sudoers file.",
    hints: ["log in as root, or let the login use sudo on the target"],
  });
});

test("no sudo at all", async () => {
  const found = shells.find((shell) => shell.name === "busybox");
  bench = makeBench(found);
  const opened = await bench.tryOpen({ unprivileged: true, path: bench.path("bin") });
  expect(opened).toEqual({
    failure: "refused",
    message: "the login is not root, and there is no sudo on the target",
    hints: ["log in as root, or install sudo there and let the login use it"],
  });
});

test("a sudo that asks with another prompt gets nothing", async () => {
  bench = makeBench();
  const programs = {
    sudo: 'case $1 in -n) exit 1 ;; esac; printf "Password: " >&2; read -r x; echo "got $x" >&2; exit 1',
  };
  const opened = await bench.tryOpen({
    unprivileged: true,
    programs,
    timeoutMilliseconds: 500,
    askPassword: async () => "secret",
  });
  expect(opened).toMatchObject({ failure: "refused", message: expect.stringContaining("did not answer within 0.5 s") });
  expect(JSON.stringify(opened)).not.toContain("secret");
});
