// What the page asks of the simulator: to start an application, to do something with it, to be told how it stands.
const API = "/app/api/";

/** A refusal in words; `status` is that of the answer, 0 where there was none. */
export class Refused extends Error {
  constructor(text, status) {
    super(text);
    this.status = status;
  }
}

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(API + path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused("The simulator does not answer.", 0);
  }
  const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  if (!answer.ok) throw new Refused(said.error ?? `The simulator answered ${answer.status}.`, answer.status);
  return said;
}

export const start = async (device) => (await call("POST", "applications", device)).key;
export const look = (key) => call("GET", `applications/${key}`);
export const end = (key) => call("POST", `applications/${key}/end`, {});
export const act = (key, deed, said = {}) =>
  call("POST", `applications/${key}/deeds/${deed.replaceAll(" ", "-")}`, said);
export const pictureOf = (text) => `${API}qr?${new URLSearchParams({ text })}`;

/** Call `seen` with each state of an application, and `over` when it has ended; returns what stops that. */
export function follow(key, seen, over) {
  const source = new EventSource(`${API}applications/${key}/events`);
  source.addEventListener("state", (event) => seen(JSON.parse(event.data)));
  source.addEventListener("over", () => {
    source.close();
    over();
  });
  source.addEventListener("error", async () => {
    if (source.readyState === EventSource.CONNECTING) {
      try {
        await look(key); // it comes back by itself, unless the application is gone
        return;
      } catch (error) {
        if (error.status !== 404) return;
      }
    }
    source.close();
    over();
  });
  return () => source.close();
}
