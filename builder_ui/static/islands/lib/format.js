// Values as people read them, by Intl in the page's language. Takes the shapes of the REST API: money and decimals are strings, times RFC 3339.

import { locale, t } from "./i18n.js";

const zone = document.documentElement.dataset.zone || undefined;
const CURRENCY = "CNY";

const moneyWhole = currency({ maximumFractionDigits: 0 });
const moneyExact = currency({ minimumFractionDigits: 2 });
const moneyCompact = currency({ notation: "compact" });
const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const dayOnly = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
const dayAndTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: zone });

const BY_KIND = {
  money: (text) => money(text),
  integer: (text) => plain.format(text),
  decimal: (text) => plain.format(text),
  date: (text) => dayOnly.format(new Date(`${text}T00:00:00Z`)),
  datetime: (text) => dayAndTime.format(new Date(text)),
  boolean: (value) => (value ? t("Yes") : t("No")),
};

function currency(options) {
  return new Intl.NumberFormat(locale, { style: "currency", currency: CURRENCY, currencyDisplay: "narrowSymbol", ...options });
}

/** '1309.00' → ¥1,309; '12.5' → ¥12.50. */
export function money(text) {
  return Number.isInteger(Number(text)) ? moneyWhole.format(text) : moneyExact.format(text);
}

/** For sums: '8043.10' → ¥8,043, '29100.00' → ¥2.9万, in English ¥29K. */
export function moneyShort(text) {
  return Math.abs(Number(text)) < 10_000 ? moneyWhole.format(text) : moneyCompact.format(text);
}

/** A span of seconds in the one unit that people would say: minutes, hours to a tenth, days. */
export function duration(seconds) {
  const hours = seconds / 3600;
  if (hours < 1) return t("{n} min", { n: Math.max(1, Math.floor(seconds / 60)) });
  if (hours < 48) return t("{n} h", { n: short.format(Math.floor(hours * 10) / 10) });
  return t("{n} d", { n: short.format(Math.floor(hours / 2.4) / 10) });
}

/** Any value of a field as text; `title` is what the server says about links and choices. Empty values give ''. */
export function show(kind, value, title) {
  if (title) return title;
  if (value === null || value === undefined || value === "") return "";
  const format = BY_KIND[kind];
  return format ? format(value) : String(value);
}
