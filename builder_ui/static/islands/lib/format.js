// Values as people read them, by Intl in the page's language. Takes the shapes of the REST API: money and decimals are strings, times RFC 3339.

import { locale, t } from "./i18n.js";

const zone = document.documentElement.dataset.zone || undefined;
const CURRENCY = "CNY";

const moneyWhole = formats({ maximumFractionDigits: 0 });
const moneyExact = formats({});
const moneyCompact = formats({ notation: "compact" });
const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const dayOnly = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
const dayAndTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: zone });

const chinese = locale.startsWith("zh");
const UNITS = [
  [86_400, "天", "d"],
  [3_600, "小时", "h"],
  [60, "分", "m"],
  [1, "秒", "s"],
];

const BY_KIND = {
  money: (text, currency) => money(text, currency),
  integer: (text) => plain.format(text),
  decimal: (text) => plain.format(text),
  date: (text) => dayOnly.format(new Date(`${text}T00:00:00Z`)),
  duration: (seconds) => spelled(seconds),
  datetime: (text) => dayAndTime.format(new Date(text)),
  boolean: (value) => (value ? t("Yes") : t("No")),
};

/** A format for each currency, made when it is first needed. The house's own goes by its short sign, others by one that cannot be taken for it. */
function formats(options) {
  const made = new Map();
  return (text, currency) => {
    const code = currency ?? CURRENCY;
    if (!made.has(code)) {
      made.set(code, new Intl.NumberFormat(locale, { style: "currency", currency: code, currencyDisplay: display(code), ...options }));
    }
    return made.get(code).format(text);
  };
}

function display(code) {
  if (code === CURRENCY) return "narrowSymbol";
  return sign(code, "symbol") === sign(CURRENCY, "narrowSymbol") ? "code" : "symbol";
}

function sign(currency, currencyDisplay) {
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay }).formatToParts(0);
  return parts.find((part) => part.type === "currency").value;
}

/** '1309.00' → ¥1,309; '12.5' → ¥12.50. */
export function money(text, currency) {
  return (Number.isInteger(Number(text)) ? moneyWhole : moneyExact)(text, currency);
}

/** For sums: '8043.10' → ¥8,043, '29100.00' → ¥2.9万, in English ¥29K. */
export function moneyShort(text, currency) {
  return (Math.abs(Number(text)) < 10_000 ? moneyWhole : moneyCompact)(text, currency);
}

/** A span of seconds in the one unit that people would say: minutes, hours to a tenth, days. */
export function duration(seconds) {
  const hours = seconds / 3600;
  if (hours < 1) return t("{n} min", { n: Math.max(1, Math.floor(seconds / 60)) });
  if (hours < 48) return t("{n} h", { n: short.format(Math.floor(hours * 10) / 10) });
  return t("{n} d", { n: short.format(Math.floor(hours / 2.4) / 10) });
}

/** All of a span of seconds, as it can be typed again: 1天3小时, in English 1d 3h. */
function spelled(seconds) {
  const parts = [];
  let rest = Math.abs(seconds);
  for (const [size, zh, en] of UNITS) {
    const count = size === 1 ? rest : Math.floor(rest / size);
    rest -= count * size;
    if (count || (size === 1 && !parts.length)) parts.push(`${Number(count.toFixed(6))}${chinese ? zh : en}`);
  }
  return (seconds < 0 ? "-" : "") + parts.join(chinese ? "" : " ");
}

/** Any value of a field as text; `title` is what the server says about links, choices and people. Empty values give ''. */
export function show(kind, value, title, currency) {
  if (title) return title;
  if (value === null || value === undefined || value === "") return "";
  const format = BY_KIND[kind];
  if (format) return format(value, currency);
  if (Array.isArray(value)) return value.join(chinese ? "、" : ", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
