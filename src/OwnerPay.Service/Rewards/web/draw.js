// Recomputes a published draw from its file alone. Plain JavaScript, nothing loaded from elsewhere; the same rule as `verify-draw`.
'use strict';

const utf8 = new TextEncoder();
const names = ['beacon', 'commitHex', 'replaced', 'rootHex', 'rules', 'rulesHash', 'secretHex', 'seedHex', 'tickets', 'winners'];
const ruleNames = ['beacon', 'beaconOn', 'closes', 'community', 'draw', 'maxTickets', 'opens', 'pickUpDays', 'prizes', 'text', 'ticketFen', 'ticketPoints', 'title'];

const hex = bytes => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('');
const unhex = text => {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error('not 64 hex digits');
  return Uint8Array.from(text.match(/../g), pair => parseInt(pair, 16));
};
const sha256 = bytes => crypto.subtle.digest('SHA-256', bytes);
const same = (left, right) => left.length === right.length && left.every((value, at) => value === right[at]);

/** The one form of the file: members in the order of their names, nothing between them. */
function canonical(draw) {
  const ordered = {};
  for (const name of names) ordered[name] = draw[name];
  return JSON.stringify(ordered);
}

/** Reads the bytes of a file; throws when they are not a draw in its one form. */
function parse(bytes) {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const draw = JSON.parse(text);
  const isText = value => typeof value === 'string';
  const isList = value => Array.isArray(value) && value.every(isText);
  if (!same(Object.keys(draw), names) || canonical(draw) !== text) throw new Error('form');
  if (![draw.rules, draw.rulesHash, draw.commitHex].every(isText) || ![draw.tickets, draw.winners, draw.replaced].every(isList)) throw new Error('form');
  if (![draw.rootHex, draw.beacon, draw.seedHex, draw.secretHex].every(value => value === null || isText(value))) throw new Error('form');
  const rules = JSON.parse(draw.rules);
  if (!same(Object.keys(rules), ruleNames) || JSON.stringify(rules) !== draw.rules) throw new Error('rules');
  return { draw, rules };
}

/** Candidate number i: the first 8 bytes of HMAC-SHA-256(seed, "draw/i"), big-endian. */
async function candidate(key, number) {
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, utf8.encode('draw/' + number)));
  return mac.getBigUint64(0);
}

/** Draws winners from the tickets; values that would favour some tickets are passed over, but their number is used up. */
async function winnersOf(seed, tickets, count) {
  const key = await crypto.subtle.importKey('raw', seed, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const left = [...tickets], drawn = [];
  for (let i = 0; drawn.length < count && left.length > 0; i++) {
    const value = await candidate(key, i), n = BigInt(left.length);
    if (value >= (1n << 64n) / n * n) continue;
    drawn.push(left.splice(Number(value % n), 1)[0]);
  }
  return drawn;
}

/** All checks of a file, as [text, passed] in order; a check that cannot be made yet has passed = null. */
async function check(bytes) {
  let draw, rules;
  try { ({ draw, rules } = parse(bytes)); }
  catch { return { results: [['公示文件的格式完整，没有改动', false]], draw: null, rules: null }; }
  const results = [['公示文件的格式完整，没有改动', true]];
  const add = (text, passed) => results.push([text, passed]);
  add('规则与发券前公布的哈希一致', hex(await sha256(utf8.encode(draw.rules))) === draw.rulesHash);
  const closed = draw.rootHex !== null, over = draw.secretHex !== null && draw.beacon !== null;
  const sorted = same(draw.tickets, [...draw.tickets].sort()) && new Set(draw.tickets).size === draw.tickets.length
    && draw.tickets.every(ticket => ticket.length > 0 && !/[\n\v\f\r\u0085\u2028\u2029]/.test(ticket));
  const root = new Uint8Array(await sha256(utf8.encode(draw.tickets.join('\n'))));
  add('抽奖券名单与截止时公布的哈希一致', closed ? sorted && hex(root) === draw.rootHex : null);
  if (!over) {
    for (const text of ['秘密数与发券前公布的承诺一致', '种子由秘密数、名单、公开数字得出', '中奖券与重算结果逐一相同', '中奖人数与奖品份数、递补人数相符']) add(text, null);
    return { results, draw, rules };
  }
  let secret = null;
  try { secret = unhex(draw.secretHex); } catch { /* told below */ }
  add('秘密数与发券前公布的承诺一致', secret !== null && hex(await sha256(secret)) === draw.commitHex);
  const beacon = utf8.encode(draw.beacon), mixed = new Uint8Array(64 + beacon.length);
  mixed.set(secret ?? new Uint8Array(32), 0);
  mixed.set(root, 32);
  mixed.set(beacon, 64);
  const seed = await sha256(mixed);
  add('种子由秘密数、名单、公开数字得出', secret !== null && hex(seed) === draw.seedHex);
  add('中奖券与重算结果逐一相同', secret !== null && sorted && same(await winnersOf(seed, draw.tickets, draw.winners.length), draw.winners));
  const prizes = rules.prizes.reduce((sum, prize) => sum + prize.count, 0), replaced = new Set(draw.replaced);
  add('中奖人数与奖品份数、递补人数相符', same(draw.winners.filter(ticket => replaced.has(ticket)), draw.replaced)
    && draw.winners.length === Math.min(prizes + draw.replaced.length, draw.tickets.length));
  return { results, draw, rules };
}

const at = id => document.getElementById(id);
const element = (tag, text, kind) => Object.assign(document.createElement(tag), { textContent: text, className: kind ?? '' });
const yuan = fen => '¥' + (fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2 });
const instant = text => text.slice(0, 16).replace('T', ' ');

function facts(list, rows) {
  list.replaceChildren(...rows.flatMap(([name, value]) => [element('dt', name), element('dd', value ?? '尚未公布')]));
}

/** Each replaced winner's prize went to the next one drawn after all prizes. */
function prizeNames(draw, rules) {
  const places = rules.prizes.flatMap(prize => Array(prize.count).fill(prize.name));
  return draw.winners.map((ticket, number) => draw.replaced.includes(ticket) ? '无效，已由后续中奖券递补' : places[number] ?? '递补');
}

async function show(bytes) {
  const { results, draw, rules } = await check(bytes);
  at('checks').replaceChildren(...results.map(([text, passed]) =>
    element('li', passed === null ? text + '（尚未公布）' : text, passed === null ? 'later' : passed ? 'good' : 'bad')));
  const bad = results.some(([, passed]) => passed === false), later = results.some(([, passed]) => passed === null);
  const stage = at('stage');
  stage.className = 'stage ' + (bad ? 'bad' : later ? '' : 'good');
  stage.textContent = bad ? '核对不通过：公示内容被改动过' : later ? (draw.rootHex === null ? '正在进行，尚未截止' : '已截止，等待公开数字') : '核对通过：结果可以完整重算';
  if (draw === null) return;
  at('community').textContent = rules.community;
  at('title').textContent = rules.title;
  facts(at('rules'), [
    ['参加时间', `${instant(rules.opens)} 至 ${instant(rules.closes)}`], ['公开数字', `${rules.beacon}（${rules.beaconOn} 公布）`],
    ['取得抽奖券', [rules.ticketPoints > 0 && `${rules.ticketPoints} 积分换 1 张`, rules.ticketFen > 0 && `按时缴费每满 ${yuan(rules.ticketFen)} 得 1 张`].filter(Boolean).join('；')],
    ['每人上限', `${rules.maxTickets} 张`], ['领奖期限', `开奖后 ${rules.pickUpDays} 天`],
  ]);
  at('text').textContent = rules.text;
  at('odds').textContent = `${rules.prizes.reduce((sum, prize) => sum + prize.count, 0)} 名`;
  at('prizes').replaceChildren(...rules.prizes.map(prize => {
    const row = document.createElement('tr');
    row.append(element('td', prize.name), element('td', yuan(prize.valueFen)), element('td', String(prize.count)));
    return row;
  }));
  facts(at('data'), [
    ['规则哈希', draw.rulesHash], ['承诺', draw.commitHex], ['名单哈希', draw.rootHex], ['公开数字', draw.beacon], ['种子', draw.seedHex], ['秘密数', draw.secretHex],
  ]);
  at('count').textContent = String(draw.tickets.length);
  at('tickets').textContent = draw.tickets.join(' ');
  at('winners-part').hidden = draw.winners.length === 0;
  const prizes = prizeNames(draw, rules);
  at('winners').replaceChildren(...draw.winners.map((ticket, number) => {
    const row = element('tr', '', draw.replaced.includes(ticket) ? 'replaced' : '');
    row.append(element('td', String(number + 1)), element('td', ticket, 'ticket'), element('td', prizes[number]));
    return row;
  }));
}

async function begin() {
  const source = location.pathname.replace(/\/$/, '') + '.json';
  at('download').href = source;
  at('file').addEventListener('change', async event => {
    const [file] = event.target.files;
    if (file) await show(new Uint8Array(await file.arrayBuffer()));
  });
  const answer = await fetch(source, { cache: 'no-store' });
  if (!answer.ok) {
    at('title').textContent = '没有找到该抽奖';
    at('stage').textContent = '您仍可以选择一个保存过的公示文件进行核对。';
    return;
  }
  await show(new Uint8Array(await answer.arrayBuffer()));
}

begin().catch(() => {
  at('stage').className = 'stage bad';
  at('stage').textContent = '读取失败，请稍后重试';
});
