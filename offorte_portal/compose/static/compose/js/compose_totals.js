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

  // What somebody typed as "12.5"; null where it is no amount, or where "1.000" might be a thousand or one.
  const read = (typed) => {
    let text = typed.trim().replace(/\u2212/g, "-").replace(/%$/, "");
    text = text.replace(/^(-?)\s*(?:€|\$|£|eur)\s*/i, "$1").replace(/\s*(?:€|\$|£|eur)$/i, "");
    text = text.replace(/(?<=\d)[\s'\u2019](?=\d)/g, "").replace(/\s+/g, "");
    if (!text || /^-?[1-9]\d{0,2}[.,]\d{3}$/.test(text)) return null;
    const isWhole = /(?<=\d)[.,]-{1,2}$/.test(text);
    const found = /^([+-]?)([\d.,]+)$/.exec(text.replace(/(?<=\d)[.,]-{1,2}$/, ""));
    const digits = found && plain(found[2], isWhole);
    if (!digits) return null;
    const trimmed = digits.replace(/^0+(?=\d)/, "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
    return found[1] === "-" && /[1-9]/.test(trimmed) ? `-${trimmed}` : trimmed;
  };

  // "1.234,--" has no decimals: what separates there are thousands.
  const plain = (number, isWhole) => {
    const isGrouped = (text) => /^[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*$/.test(text);
    if (isWhole) return /^\d+$/.test(number) || isGrouped(number) ? number.replace(/[.,]/g, "") : null;
    if (/^\d+(\.\d+)?$/.test(number)) return number;
    const last = Math.max(number.lastIndexOf("."), number.lastIndexOf(","));
    if (last === -1) return null;
    const kinds = new Set(number.replace(/\d/g, ""));
    if (kinds.size === 1 && isGrouped(number)) return number.replace(/[.,]/g, "");
    const [whole, decimals] = [number.slice(0, last), number.slice(last + 1)];
    if (!/^\d+$/.test(decimals) || !(/^\d+$/.test(whole) || (kinds.size === 2 && isGrouped(whole)))) return null;
    return `${whole.replace(/[.,]/g, "")}.${decimals}`;
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

  return { addUp, toUnits, read, money, write };
})();
