"use strict";

(() => {
  const silenceLimit = 5000;
  const retryDelay = 2000;
  const refusedRetryDelay = 10000;
  const shapes = { Healthy: "●", Unknown: "○", Unhealthy: "▲", Ejected: "◆", Draining: "▼" };

  // Trouble, the end of trouble, and what somebody did.
  const eventShapes = {
    Ejected: "◆", SetAside: "◆", Unhealthy: "▲", PanicBegan: "▲", DiscoveryFailed: "▲", StrategyFailed: "▲",
    Returned: "●", Healthy: "●", PanicEnded: "●", DiscoveryRecovered: "●", Resumed: "●", Drained: "▼",
  };

  const connection = document.getElementById("connection");
  const reload = document.getElementById("reload");
  const hideAvailable = document.getElementById("hide-available");
  const pause = document.getElementById("pause");
  const empty = document.getElementById("empty");
  const events = document.getElementById("events");
  const eventRows = document.getElementById("event-rows");
  const container = document.getElementById("clusters");
  const unknown = document.getElementById("unknown");
  const unknownNames = document.getElementById("unknown-names");
  const announcer = document.getElementById("announcer");
  const clusterTemplate = document.getElementById("cluster-template");
  const eventTemplate = document.getElementById("event-template");
  const levelTemplate = document.getElementById("level-template");
  const endpointTemplate = document.getElementById("endpoint-template");

  const views = new Map();
  const eventViews = new Map();
  let antiforgery = null;
  let source = null;
  let paused = false;
  let lost = false;
  let refused = false;
  let explaining = false;
  let lastTime = null;
  let lastHeard = 0;

  // The application answered a request for data with 401 or 403, or with a redirect, which leads to a page for signing in.
  class Refusal extends Error {
  }

  // A part of the page that is built from a template. Only values that have changed are written, so that updates disturb neither
  // the focus, nor a selection, nor a screen reader.
  class View {
    constructor(template) {
      this.root = template.content.firstElementChild.cloneNode(true);
      this.fields = {};
      this.shown = {};
      for (const node of this.root.querySelectorAll("[data-field]")) {
        this.fields[node.dataset.field] = node;
      }
    }

    setText(field, value) {
      if (this.shown[field] !== value) {
        this.shown[field] = value;
        this.fields[field].textContent = value;
      }
    }

    setAttribute(node, key, name, value) {
      if (this.shown[key] !== value) {
        this.shown[key] = value;
        node.setAttribute(name, value);
      }
    }
  }

  const formats = [0, 1].map(digits => new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const decimal = (value, digits) => formats[digits].format(value);
  const rate = value => decimal(value, value < 10 ? 1 : 0);
  const percent = value => value === null ? "–" : `${decimal(value * 100, value < 0.1 && value > 0 ? 1 : 0)}%`;
  const duration = ms => ms === null ? "–" : ms < 10 ? `${decimal(ms, 1)} ms` : ms < 1000 ? `${decimal(ms, 0)} ms` : `${decimal(ms / 1000, 1)} s`;
  const clock = time => new Date(time).toLocaleTimeString();
  const isToday = time => new Date(time).toDateString() === new Date().toDateString();

  function reasonOf(endpoint, fastest) {
    if (endpoint.ejectionSecondsLeft === null) {
      return endpoint.reason ?? (endpoint.latencyEstimateMs === null ? penaltyOf(endpoint) : slownessOf(endpoint, fastest));
    }

    const left = Math.ceil(endpoint.ejectionSecondsLeft);
    return `${endpoint.reason}; ${left > 0 ? `${left} s left` : "waits for a trial request"}`;
  }

  function penaltyOf(endpoint) {
    return endpoint.penalty < 1.1 ? "" : `attempts failed lately: looks ${decimal(endpoint.penalty, 1)} times as busy`;
  }

  // A strategy that keeps an estimate compares that, and not the penalty.
  function slownessOf(endpoint, fastest) {
    const times = endpoint.latencyEstimateMs / fastest;
    if (times < 2 || endpoint.share >= 0.75 * endpoint.fairShare) {
      return "";
    }

    return `${endpoint.penalty < 1.1 ? "" : "attempts failed lately: "}looks ${decimal(times, times < 10 ? 1 : 0)} times as slow as the fastest`;
  }

  function showHistory(view, history, highest) {
    const y = count => (19 - (18 * count) / highest).toFixed(1);
    const line = history.map((count, second) => `${second === 0 ? "M" : "L"}${second} ${y(count)}`).join("");
    view.setAttribute(view.line, "line", "d", line);
    view.setAttribute(view.area, "area", "d", `${line}L${history.length - 1} 20L0 20Z`);
    view.setAttribute(view.spark, "spark", "aria-label", `${Math.min(...history)} to ${Math.max(...history)} requests a second`);
  }

  // Each level has a heading before its endpoints. A cluster of one level has none.
  function withHeadings(cluster) {
    if (cluster.levels.length === 0) {
      return cluster.endpoints;
    }

    return cluster.endpoints.flatMap((endpoint, index) =>
      index > 0 && cluster.endpoints[index - 1].level === endpoint.level ? [endpoint] : [headingOf(cluster.levels[endpoint.level], cluster.levels), endpoint]);
  }

  function headingOf(level, levels) {
    if (!level) {
      return { isHeading: true, key: "left", name: "No longer listed", share: "" };
    }

    const isDivided = levels.filter(other => other.priority === level.priority).length > 1;
    const zone = !isDivided ? "" : level.isLocal ? "own zone" : "other zones";
    const priority = isDivided && levels.every(other => other.priority === level.priority) ? "" : `priority ${level.priority}`;
    const name = [priority, zone].filter(part => part !== "").join(", ");
    return {
      isHeading: true,
      key: `${level.priority} ${level.isLocal}`,
      name: `${name[0].toUpperCase()}${name.slice(1)}`,
      share: `gets ${percent(level.share)} of the requests, ${level.available} of ${level.count} available`,
    };
  }

  function showHeading(view, heading) {
    view.setText("name", heading.name);
    view.setText("share", heading.share);
  }

  function createRow(cluster, endpoint) {
    const view = new View(endpointTemplate);
    view.fill = view.root.querySelector(".fill");
    view.fair = view.root.querySelector(".fair");
    view.spark = view.root.querySelector(".spark");
    view.line = view.root.querySelector(".line");
    view.area = view.root.querySelector(".area");
    view.button = view.root.querySelector("button");
    view.button.addEventListener("click", () => change(view, cluster, endpoint.address));
    return view;
  }

  function showEndpoint(view, endpoint, highest, widest, fastest) {
    view.setText("address", endpoint.address);
    const place = [endpoint.zone === null ? "" : `zone ${endpoint.zone}`, endpoint.priority === 0 || endpoint.level !== null ? "" : `priority ${endpoint.priority}`];
    view.setText("zone", place.filter(part => part !== "").join(", "));
    view.setText("health", endpoint.health);
    view.setText("shape", shapes[endpoint.health]);
    view.setText("reason", reasonOf(endpoint, fastest));
    view.setText("weight", String(endpoint.weight));
    view.setText("inFlight", endpoint.limit === null ? String(endpoint.inFlight) : `${endpoint.inFlight} of ${endpoint.limit}`);
    view.setText("estimate", endpoint.latencyEstimateMs !== null && endpoint.latencyEstimateMs < 0.1 ? "< 0.1 ms" : duration(endpoint.latencyEstimateMs));
    view.setText("rate", rate(endpoint.requestsPerSecond));
    view.setText("share", percent(endpoint.share));
    view.setText("fairShare", endpoint.fairShare === null ? "" : `fair ${percent(endpoint.fairShare)}`);
    view.setText("p50", duration(endpoint.p50Ms));
    view.setText("p99", duration(endpoint.p99Ms));
    view.setText("errors", percent(endpoint.errorRate));
    view.fields.errors.classList.toggle("errors-high", endpoint.errorRate > 0.01);
    view.setAttribute(view.root, "state", "data-health", endpoint.health);
    view.setAttribute(view.root, "available", "data-available", String(endpoint.available));
    view.setAttribute(view.fill, "fill", "width", (100 * (endpoint.share ?? 0) / widest).toFixed(1));
    view.setAttribute(view.fair, "fair", "x", endpoint.fairShare === null ? "-5" : (100 * endpoint.fairShare / widest).toFixed(1));
    showHistory(view, endpoint.history, highest);

    const action = endpoint.health === "Draining" ? "Resume" : "Drain";
    view.action = action;
    if (view.shown.button !== action) {
      view.shown.button = action;
      view.button.textContent = action;
      view.button.setAttribute("aria-label", `${action} ${endpoint.address}`);
    }

    view.button.hidden = !endpoint.changeable;
  }

  function createCluster(cluster) {
    const view = new View(clusterTemplate);
    view.body = view.root.querySelector("tbody");
    view.now = view.root.querySelector(".now");
    view.rows = new Map();
    return view;
  }

  function showCluster(view, cluster, announcements) {
    view.setText("service", cluster.service);
    view.setText("client", cluster.clientLabel);
    view.setText("strategy", cluster.strategy);
    view.fields.subsetBox.hidden = cluster.used >= cluster.listed;
    view.setText("subset", `${cluster.used} of ${cluster.listed}`);
    view.fields.queuedBox.hidden = cluster.queued === 0;
    view.setText("queued", String(cluster.queued));
    view.setText("available", `${cluster.available} of ${cluster.endpoints.length}`);
    view.setText("rate", rate(cluster.requestsPerSecond));
    view.setText("caption", `Endpoints of ${cluster.service}`);
    if (view.inPanic !== undefined && view.inPanic !== cluster.inPanic) {
      announcements.push(`${cluster.service}: ${cluster.inPanic ? "panic" : "panic is over"}`);
    }

    view.inPanic = cluster.inPanic;
    view.fields.panic.hidden = !cluster.inPanic;

    // A strategy that keeps no latency estimate has no column for it.
    const hasEstimates = cluster.endpoints.some(endpoint => endpoint.latencyEstimateMs !== null);
    view.setAttribute(view.root, "estimates", "data-estimates", String(hasEstimates));
    view.setAttribute(view.now, "now", "colspan", hasEstimates ? "4" : "3");

    // The estimate of an endpoint without requests falls towards zero, so it is not that of a fast endpoint.
    const fastest = Math.min(...cluster.endpoints.map(endpoint => endpoint.available && endpoint.share > 0 && endpoint.latencyEstimateMs > 0 ? endpoint.latencyEstimateMs : Infinity));

    // All lines of a cluster have one scale, and so have all bars, so that they can be compared. The widest bar leaves room for the mark at its end.
    const highest = Math.max(1, ...cluster.endpoints.map(endpoint => Math.max(...endpoint.history)));
    const widest = 1.05 * Math.max(...cluster.endpoints.map(endpoint => Math.max(endpoint.share, endpoint.fairShare))) || 1;
    const isNew = view.rows.size === 0;
    const keyOf = item => item.isHeading ? item.key : item.address;
    const create = item => item.isHeading ? new View(levelTemplate) : createRow(cluster, item);
    updateChildren(view.body, view.rows, withHeadings(cluster), keyOf, create, (row, endpoint) => {
      if (endpoint.isHeading) {
        showHeading(row, endpoint);
        return;
      }

      if (row.shown.health !== endpoint.health && !isNew) {
        announcements.push(`${endpoint.address} is ${endpoint.health.toLowerCase()}${endpoint.reason ? `: ${endpoint.reason}` : ""}`);
      }

      showEndpoint(row, endpoint, highest, widest, fastest);
    });
  }

  // Gives a node one child for each item of a list, in the list's order. Children that are already in place are not moved.
  function updateChildren(parent, known, items, keyOf, create, show) {
    const wanted = new Set(items.map(keyOf));
    for (const [key, view] of known) {
      if (!wanted.has(key)) {
        view.root.remove();
        known.delete(key);
      }
    }

    let place = parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      let view = known.get(key);
      if (!view) {
        view = create(item);
        known.set(key, view);
      }

      show(view, item);
      if (view.root === place) {
        place = place.nextElementSibling;
      } else {
        parent.insertBefore(view.root, place);
      }
    }
  }

  function show(status) {
    const announcements = [];
    lastTime = status.time;
    lastHeard = performance.now();
    empty.hidden = status.clusters.length > 0;
    updateChildren(container, views, status.clusters, cluster => cluster.id, createCluster, (view, cluster) => showCluster(view, cluster, announcements));
    showUnknown(status.unknown);
    events.hidden = status.events.length === 0;
    updateChildren(eventRows, eventViews, status.events, one => one.number, createEvent, (view, one) => view.setText("time", isToday(one.time) ? clock(one.time) : new Date(one.time).toLocaleString()));
    if (announcements.length > 0) {
      announcer.textContent = announcements.join(". ");
    }
  }

  // An event does not change after it has happened. Only its time is written with a date from the next day on.
  function createEvent(one) {
    const view = new View(eventTemplate);
    view.setAttribute(view.fields.time, "utc", "datetime", one.time);
    view.fields.time.title = `${one.time.slice(0, 19).replace("T", " ")} UTC`;
    view.setText("service", one.service === "" ? "all services" : one.service);
    view.setText("client", one.client === one.service ? "" : `client ${one.client}`);
    view.setText("sign", eventShapes[one.kind] ?? "■");
    view.setText("description", one.description);
    view.setText("reason", one.reason);
    view.root.dataset.kind = one.kind;
    return view;
  }

  function showUnknown(names) {
    const texts = names.services.map(name => `${name.service}: requests of client ${name.client} ${name.isRefused ? "are refused" : "pass through"}`);
    if (names.more > 0) {
      texts.push(`and ${names.more} more`);
    }

    unknown.hidden = texts.length === 0;
    if (unknownNames.dataset.shown !== texts.join("\n")) {
      unknownNames.dataset.shown = texts.join("\n");
      unknownNames.replaceChildren(...texts.map(text => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }));
    }
  }

  function showConnection(state, text) {
    refused = state === "refused";
    reload.hidden = !refused;
    document.body.classList.toggle("stale", state === "lost" || refused);
    if (connection.textContent !== text) {
      connection.className = state;
      connection.textContent = text;
    }
  }

  function showLostConnection() {
    lost = true;
    showConnection("lost", lastTime === null ? "No connection, trying again" : `Connection lost at ${clock(lastTime)}, trying again`);
  }

  function showFault(fault) {
    if (fault instanceof Refusal) {
      lost = true;
      showConnection("refused", `${fault.message[0].toUpperCase()}${fault.message.slice(1)}`);
    } else {
      showLostConnection();
    }
  }

  function open() {
    if (source || paused || document.hidden) {
      return;
    }

    lastHeard = performance.now();
    source = new EventSource("events");
    source.addEventListener("open", () => {
      if (lost) {
        // The application may have been restarted, with other options and tokens.
        lost = false;
        load().catch(showFault);
      }
    });
    source.addEventListener("clusters", event => {
      show(JSON.parse(event.data));
      showConnection("live", "Live");
    });
    source.addEventListener("reconnect", () => {
      // The application ends the events every few seconds, so that each new request for them is authorized again.
      close();
      open();
    });
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) {
        close();
      }

      if (!refused) {
        showLostConnection();
      }

      explain();
    });
  }

  // An event source shows neither a status nor a redirect. So a request for the same data finds out whether it is refused.
  async function explain() {
    if (explaining) {
      return;
    }

    explaining = true;
    try {
      await load();
    } catch (fault) {
      if (fault instanceof Refusal && !paused) {
        showFault(fault);
        close();
      }
    }

    explaining = false;
    if (!source) {
      setTimeout(open, refused ? refusedRetryDelay : retryDelay);
    }
  }

  function close() {
    source?.close();
    source = null;
  }

  // Sends a request and follows no redirect: the page at its end would look like an answer.
  async function send(address, init) {
    const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(silenceLimit), ...init });
    if (response.type === "opaqueredirect") {
      throw new Refusal("access refused (redirected to another page)");
    }

    if (response.status === 401 || response.status === 403) {
      throw new Refusal(`access refused (${response.status})`);
    }

    return response;
  }

  async function load() {
    const response = await send("clusters", { cache: "no-store" });
    if (!response.ok) {
      throw new Error(`the answer was ${response.status}`);
    }

    const status = await response.json();
    antiforgery = status.antiforgery;
    document.body.classList.toggle("read-only", !antiforgery);
    show(status);
  }

  async function post(action, cluster, address) {
    return send(action, {
      method: "POST",
      headers: { "Content-Type": "application/json", [antiforgery.name]: antiforgery.value },
      body: JSON.stringify({ client: cluster.client, service: cluster.service, endpoint: address }),
    });
  }

  async function change(view, cluster, address) {
    const action = view.action.toLowerCase();
    view.setText("fault", "");
    view.button.setAttribute("aria-busy", "true");
    try {
      let response = await post(action, cluster, address);
      if (response.status === 400) {
        // The token may have expired: load a new one and try once more.
        await load();
        response = await post(action, cluster, address);
      }

      if (!response.ok) {
        throw new Error(response.status === 404 ? "the endpoint no longer exists" : `the answer was ${response.status}`);
      }

      await load();
    } catch (fault) {
      view.setText("fault", `Not done: ${fault.message}.`);
    } finally {
      view.button.removeAttribute("aria-busy");
    }
  }

  reload.addEventListener("click", () => location.reload());

  hideAvailable.addEventListener("click", () => {
    const hidden = document.body.classList.toggle("hide-available");
    hideAvailable.setAttribute("aria-pressed", String(hidden));
  });

  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Continue updates" : "Pause updates";
    if (paused) {
      close();
      showConnection("paused", `Paused at ${clock(lastTime ?? Date.now())}`);
    } else {
      showConnection("", "Connecting…");
      open();
    }
  });

  document.addEventListener("visibilitychange", () => document.hidden ? close() : open());
  setInterval(() => {
    if (source && performance.now() - lastHeard > silenceLimit) {
      showLostConnection();
    }
  }, 1000);

  document.getElementById("no-script").remove();
  document.body.classList.add("read-only");
  showConnection("", "Connecting…");
  load().catch(showFault).finally(open);
})();
