// The exchanges of a plant as they are recorded. The stream is given up while the page is not seen, and taken up again
// where it was left: nothing comes twice, and what was forgotten meanwhile is counted.

import { below } from "./api.js";

const AGAIN = 1000; // milliseconds until a lost stream is tried again

export class Live {
  #plant = "";
  #source = null;
  #last = "";
  #hear;
  #timer = 0;

  /** @param {{start, rows, missed, state}} hear functions that are told of what comes */
  constructor(hear) {
    this.#hear = hear;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close("paused") : this.#open()));
    window.addEventListener("online", () => this.#open());
  }

  follow(plant) {
    this.#close("connecting");
    this.#plant = plant;
    this.#last = "";
    this.#open();
  }

  #open() {
    clearTimeout(this.#timer);
    if (this.#source || !this.#plant || document.hidden) return;
    const source = new EventSource(`/_mock/${below(this.#plant, "events")}?after=${encodeURIComponent(this.#last)}`);
    this.#source = source;
    const on = (name, act) =>
      source.addEventListener(name, (event) => {
        if (source !== this.#source) return;
        this.#last = event.lastEventId;
        act(JSON.parse(event.data));
      });
    on("start", this.#hear.start);
    on("rows", this.#hear.rows);
    on("missed", this.#hear.missed);
    on("end", () => {
      this.#close("gone");
      this.#plant = "";
    });
    source.addEventListener("open", () => this.#hear.state("live"));
    source.addEventListener("error", () => {
      // The browser would give up for good on some errors: a new stream from where this one was does not.
      if (source !== this.#source) return;
      this.#close("reconnecting");
      this.#timer = setTimeout(() => this.#open(), AGAIN);
    });
  }

  #close(state) {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.#hear.state(state);
  }
}
