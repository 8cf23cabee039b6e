// Prices the same lines by the promotion module of a shop system: every promotion on what the ones before have left.
// Arguments: the file with lines and offers. Each line of standard input is a number of milliseconds to measure for;
// each answer is one JSON object: microseconds of one evaluation, and what it took off in fen.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const { getComputedActionsForItems } = require('@medusajs/promotion/dist/utils/compute-actions/line-items.js');
const { lines, offers } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const items = lines.map(({ id, fen }) => ({ id, quantity: 1, subtotal: fen, original_total: fen, is_discountable: true }));
const promotions = offers.map(({ id, percent, value }) => ({
  code: id,
  application_method: { type: percent ? 'percentage' : 'fixed', target_type: 'items', allocation: 'across', value },
}));

function evaluate() {
  const applied = new Map();
  const actions = [];
  for (const promotion of promotions) actions.push(...getComputedActionsForItems(promotion, items, applied));
  return actions;
}

for await (const line of createInterface({ input: process.stdin })) {
  const milliseconds = Number(line);
  const began = performance.now();
  let calls = 0;
  do {
    for (let call = 0; call < 16; call++) evaluate();
    calls += 16;
  } while (performance.now() - began < milliseconds);
  const micros = (performance.now() - began) * 1000 / calls;
  const taken = evaluate().reduce((sum, action) => sum + Number(action.amount), 0);
  console.log(JSON.stringify({ micros, taken }));
}
