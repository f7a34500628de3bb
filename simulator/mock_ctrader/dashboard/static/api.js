// The admin API, asked by the pages: the cookie says who asks, the browser says from where.

export class Refused extends Error {}

async function ask(method, path, body) {
  const given = body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) };
  const answer = await fetch(`/_mock/${path}`, { method, credentials: "same-origin", ...given }).catch(() => null);
  if (!answer) throw new Refused("The simulator cannot be reached.");
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.error ?? `The simulator answered ${answer.status}.`);
  return said;
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}) => ask("POST", path, body);
export const put = (path, body) => ask("PUT", path, body);
export const remove = (path) => ask("DELETE", path);

/** A path below a plant; its name may hold anything. */
export const below = (plant, rest = "") => `plants/${encodeURIComponent(plant)}${rest && `/${rest}`}`;

/** Tells of answers that come after one that was asked for later: they say how things were before. */
export class Latest {
  #asked = 0;
  #told = 0;

  /** Ask; returns a function to call with the answer, which says whether it is too late. */
  ask() {
    const mine = ++this.#asked;
    return () => {
      if (mine < this.#told) return true;
      this.#told = mine;
      return false;
    };
  }
}
