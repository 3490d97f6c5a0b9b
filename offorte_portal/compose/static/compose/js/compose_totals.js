// What a price table adds up to, by the rule of compose/totals.py, and amounts as people write them.
// Quantities, prices and percentages are whole ten-thousandths, amounts whole cents: BigInts, so that nothing is lost.
// biome-ignore lint/correctness/noUnusedVariables: other scripts of the page use it
const composeTotals = (() => {
  const UNIT = 10_000n;
  const HUNDRED = 100n * UNIT;

  // Rounded half away from zero; the divisor is positive.
  const divide = (amount, by) => {
    const half = (2n * (amount < 0n ? -amount : amount) + by) / (2n * by);
    return amount < 0n ? -half : half;
  };
  const least = (one, other) => (one < other ? one : other);
  const sum = (values) => [...values].reduce((all, one) => all + one, 0n);

  const addUp = (lines, vat = "excl") => {
    const bases = new Map();
    const rows = [];
    let since = 0n;
    let options = 0n;
    for (const line of lines) {
      if (line?.type === "price") {
        const amount = divide(line.count * line.price, UNIT * UNIT / 100n);
        rows.push(amount);
        if (line.counts) {
          bases.set(line.vat, (bases.get(line.vat) ?? 0n) + amount);
          since += amount;
        } else options += amount;
      } else if (line?.type === "discount") {
        const whole = sum(bases.values());
        const off = whole > 0n ? least(divide(whole * line.discount, HUNDRED), whole) : 0n;
        const rates = sortRates(bases);
        let left = off;
        rates.forEach((rate, place) => {
          const isLast = place === rates.length - 1;
          const share = isLast ? left : whole ? divideSigned(off * bases.get(rate), whole) : 0n;
          bases.set(rate, bases.get(rate) - share);
          left -= share;
        });
        rows.push(-off);
        since -= off;
      } else if (line?.type === "subtotal") {
        rows.push(since);
        since = 0n;
      } else rows.push(null);
    }
    return close(rows, bases, vat, options);
  };

  const divideSigned = (amount, by) => (by < 0n ? divide(-amount, -by) : divide(amount, by));
  const sortRates = (bases) => [...bases.keys()].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));

  const close = (rows, bases, vat, options) => {
    const counted = sum(bases.values());
    if (vat === "hidden") return { rows, net: counted, vat: [], total: counted, options };
    const lines = sortRates(bases).map((rate) => {
      const base = bases.get(rate);
      return [rate, base, divide(base * rate, vat === "incl" ? HUNDRED + rate : HUNDRED)];
    });
    const all = sum(lines.map(([, , amount]) => amount));
    const [net, total] = vat === "incl" ? [counted - all, counted] : [counted, counted + all];
    return { rows, net, vat: lines, total, options };
  };

  // "12.5" as ten-thousandths; null where it is no such text.
  const toUnits = (text) => {
    const found = /^(-?)(\d{1,20})(?:\.(\d{1,4})0*)?$/.exec(text ?? "");
    if (!found) return null;
    const units = BigInt(found[2]) * UNIT + BigInt((found[3] ?? "").padEnd(4, "0") || 0);
    return found[1] ? -units : units;
  };

  // What somebody typed as "12.5"; null where it is no amount. Whether "1.000" is a thousand or one is decided by the
  // reader's decimal sign. The rule is that of text/amounts.py, which has the cases.
  const CURRENCY = "(?:[a-z]{0,3}[$€£¥₺₹₽₩₪₴₫฿¢]|euros?|eur|usd|gbp|chf|sek|nok|dkk|isk|pln|czk|huf|ron|bgn|try|cad|aud|jpy|kr\\.?|fr\\.?|zł|kč|ft|lei|tl)";
  const WRITTEN = new RegExp(
    `^(?<minus>[+-])?(?<before>${CURRENCY})?(?<inner>[+-])?(?<number>[0-9][0-9.,']*?|[.,][0-9]+)` +
      `(?<whole>[.,](?:--?|=))?(?<trailing>-)?(?<scale>k|mln\\.?|mio\\.?)?(?<after>${CURRENCY})?$`,
    "i",
  );
  const SCALES = { k: 3, mln: 6, mio: 6 };
  const LONGEST = 60;

  const compact = (typed) => {
    if (typed.length > LONGEST) return "";
    const seen = typed.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g, "");
    const plain = seen.replace(/[‐‑‒–—―−﹣－]/g, "-").replace(/[’‘ʼ′`´]/g, "'").trim();
    return plain.replace(/(?<=[0-9])\s(?=[0-9])/g, "'").replace(/\s+/g, "");
  };

  const read = (typed, decimal) => {
    let text = compact(typed);
    const isBracketed = text.startsWith("(") && text.endsWith(")");
    if (isBracketed) text = text.slice(1, -1);
    const found = WRITTEN.exec(text.replace(/^-\/-/, "-"))?.groups;
    if (!found || (found.before && found.after)) return null;
    const digits = plain(found.number, decimal, Boolean(found.whole));
    const signs = [found.minus, found.inner, found.trailing].filter(Boolean);
    if (digits === null || signs.length + isBracketed > 1) return null;
    const scaled = scale(digits, SCALES[found.scale?.toLowerCase().replace(".", "")] ?? 0);
    const trimmed = scaled.replace(/^0+(?=\d)/, "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
    return (isBracketed || signs[0] === "-") && /[1-9]/.test(trimmed) ? `-${trimmed}` : trimmed;
  };

  const readPercentage = (typed, decimal) =>
    read(typed.trim().replace(/\s*(?:%|procent|percent|pct\.?)$/i, ""), decimal);

  const plain = (number, decimal, isWhole) => {
    const grouped = (text) => /^[1-9]\d{0,2}([.,'])\d{3}(?:\1\d{3})*$/.exec(text)?.[1];
    const separator = grouped(number);
    if (separator && (isWhole || separator !== decimal || number.split(decimal).length > 2)) return number.replace(/\D/g, "");
    const last = Math.max(number.lastIndexOf("."), number.lastIndexOf(","));
    const [whole, decimals] = [number.slice(0, Math.max(last, 0)), number.slice(last + 1)];
    if (!/^\d+$/.test(decimals) || (isWhole && last !== -1)) return null;
    if (last === -1) return decimals;
    if (!/^\d*$/.test(whole) && (!grouped(whole) || whole.includes(number[last]))) return null;
    return `${whole.replace(/\D/g, "") || "0"}.${decimals}`;
  };

  // "2.5" with three digits more before the decimals: "2500".
  const scale = (digits, places) => {
    const [whole, decimals = ""] = digits.split(".");
    return `${whole}${decimals.slice(0, places).padEnd(places, "0")}.${decimals.slice(places) || "0"}`;
  };

  // Cents and "12.5" in the reader's notation.
  const money = (cents, { decimal, thousand }) => {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, thousand);
    return `${cents < 0n ? "−" : ""}${whole}${decimal}${digits.slice(-2)}`;
  };
  const write = (text, { decimal }, least = 0) => {
    if (toUnits(text) === null) return text;
    const [whole, decimals = ""] = text.split(".");
    const shown = decimals.padEnd(least, "0");
    return shown ? `${whole}${decimal}${shown}` : whole;
  };

  return { addUp, toUnits, read, readPercentage, money, write };
})();
