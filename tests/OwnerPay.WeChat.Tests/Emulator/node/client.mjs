// Uses a WeChat Pay SDK of other people against the emulator. The SDK signs every request and verifies every answer by itself.
// usage: node client.mjs MERCHANT.json SCENARIO   → one line of JSON
import { createDecipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import sdk from 'wechatpay-axios-plugin';

const { Wechatpay, Rsa, Aes, Formatter } = sdk;
const merchant = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const keys = {
  [merchant.platformCertificateSerial]: Rsa.from(merchant.platformCertificatePem, Rsa.KEY_TYPE_PUBLIC),
  [merchant.publicKeyId]: Rsa.from(merchant.publicKeyPem, Rsa.KEY_TYPE_PUBLIC),
};
const inPublicKeyMode = { 'Wechatpay-Serial': merchant.publicKeyId };

function client(changes = {}) {
  return new Wechatpay({
    baseURL: merchant.baseUrl,
    mchid: merchant.mchid,
    serial: merchant.merchantCertificateSerial,
    privateKey: Rsa.from(merchant.merchantPrivateKeyPem, Rsa.KEY_TYPE_PRIVATE),
    certs: keys,
    ...changes,
  });
}

function order(number, notifyUrl, changes = {}) {
  return {
    mchid: merchant.mchid, appid: merchant.appid, out_trade_no: number, description: '物业费-阳光花园3栋2单元1801-2026年11月',
    notify_url: notifyUrl, attach: 'house=3-2-1801', amount: { total: 28650, currency: 'CNY' }, payer: { openid: 'oOwNr5PaY0tEsT1uSeR2aBcDeFgH' }, ...changes,
  };
}

function refund(number, refundNumber, notifyUrl) {
  return {
    out_trade_no: number, out_refund_no: refundNumber, reason: '重复缴费退款', notify_url: notifyUrl,
    amount: { refund: 10000, total: 28650, currency: 'CNY' },
  };
}

const admin = async (path, body) => (await fetch(`${merchant.baseUrl}/admin/${path}`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}),
})).json();

/** Either the answer or what the SDK makes of a refusal. */
async function outcome(call) {
  try {
    const { status, data, headers } = await call;
    return { status, data, serial: headers['wechatpay-serial'] };
  } catch (failure) {
    return { status: failure.response?.status ?? 0, code: failure.response?.data?.code ?? failure.code, data: failure.response?.data };
  }
}

/** A merchant's server that checks and opens callbacks with the SDK; refuses the first `refusals` of them. */
async function notified(refusals, seen) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const h = request.headers;
    const known = keys[h['wechatpay-serial']];
    const verified = Boolean(known) && Rsa.verify(Formatter.response(h['wechatpay-timestamp'], h['wechatpay-nonce'], body), h['wechatpay-signature'], known);
    const { event_type: event, id, resource } = JSON.parse(body);
    const plain = Aes.AesGcm.decrypt(resource.ciphertext, merchant.apiV3Key, resource.nonce, resource.associated_data);
    seen.push({ id, event, verified, serial: h['wechatpay-serial'], [resource.original_type]: JSON.parse(plain) });
    response.writeHead(seen.length <= refusals ? 500 : 204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}/wechat/pay` };
}

async function until(condition) {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((done) => setTimeout(done, 50));
}

const nowhere = 'http://127.0.0.1:9/wechat/pay';
const scenarios = {
  async orders() {
    const wx = client();
    const placed = await outcome(wx.v3.pay.transactions.jsapi.post(order('NODE00000001', nowhere)));
    const again = await outcome(wx.v3.pay.transactions.jsapi.post(order('NODE00000001', nowhere), { headers: inPublicKeyMode }));
    const dearer = await outcome(wx.v3.pay.transactions.jsapi.post(order('NODE00000001', nowhere, { amount: { total: 28651, currency: 'CNY' } })));
    const native = await outcome(wx.v3.pay.transactions.native.post(order('NODE00000002', nowhere, { payer: undefined })));
    const byNumber = (number) => outcome(wx.v3.pay.transactions.outTradeNo._out_trade_no_.get({ params: { mchid: merchant.mchid }, out_trade_no: number }));
    const open = await byNumber('NODE00000001');
    const closed = await outcome(wx.v3.pay.transactions.outTradeNo._out_trade_no_.close.post({ mchid: merchant.mchid }, { out_trade_no: 'NODE00000002' }));
    const paid = await admin('orders/NODE00000001/pay');
    const byId = await outcome(wx.v3.pay.transactions.id._transaction_id_.get({ params: { mchid: merchant.mchid }, transaction_id: paid.transactionId }));
    const closePaid = await outcome(wx.v3.pay.transactions.outTradeNo._out_trade_no_.close.post({ mchid: merchant.mchid }, { out_trade_no: 'NODE00000001' }));
    return { placed, again, dearer, native, open, closed, afterClose: await byNumber('NODE00000002'), byId, closePaid, unknown: await byNumber('NODE99999999') };
  },

  async certificates() {
    const answer = await outcome(client().v3.certificates.get());
    const listed = answer.data.data.map(({ serial_no: serial, encrypt_certificate: e }) => ({
      serial, pem: Aes.AesGcm.decrypt(e.ciphertext, merchant.apiV3Key, e.nonce, e.associated_data),
    }));
    return { status: answer.status, listed };
  },

  async strangers() {
    const get = (wx, mchid = merchant.mchid) => outcome(wx.v3.pay.transactions.outTradeNo._out_trade_no_.get({ params: { mchid }, out_trade_no: 'NODE00000001' }));
    const foreign = (await import('node:crypto')).generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    return {
      otherKey: await get(client({ privateKey: foreign })),
      otherSerial: await get(client({ serial: '0'.repeat(40) })),
      otherMerchant: await get(client({ mchid: '1900000001' })),
      otherMerchantInQuery: await get(client(), '1900000001'),
    };
  },

  async callbacks() {
    const seen = [];
    const { server, url } = await notified(2, seen);
    await client().v3.pay.transactions.jsapi.post(order('NODE00000003', url), { headers: inPublicKeyMode });
    await client().v3.pay.transactions.jsapi.post(order('NODE00000004', url));
    await admin('orders/NODE00000003/pay');
    await until(() => seen.length >= 3);
    await admin('orders/NODE00000004/pay', { coupon: { type: 'NOCASH', fen: 1000 } });
    await until(() => seen.length >= 4);
    server.close();
    server.closeAllConnections();
    return { seen };
  },

  async native() {
    const seen = [];
    const { server, url } = await notified(0, seen);
    const wx = client();
    const placed = await outcome(wx.v3.pay.transactions.native.post(order('NODE00000005', url, { payer: undefined })));
    await admin('checkout/pay', { codeUrl: placed.data.code_url, openid: 'oNeighbourWhoScannedTheCode1' });
    await until(() => seen.length >= 1);
    server.close();
    server.closeAllConnections();
    return { placed, seen };
  },

  async refunds() {
    const seen = [];
    const { server, url } = await notified(1, seen);
    const wx = client();
    await wx.v3.pay.transactions.jsapi.post(order('NODE00000006', nowhere));
    const unpaid = await outcome(wx.v3.refund.domestic.refunds.post(refund('NODE00000006', 'R-NODE-1', url)));
    const { transactionId } = await admin('orders/NODE00000006/pay');
    const byId = { ...refund('NODE00000006', 'R-NODE-1', url), out_trade_no: undefined, transaction_id: transactionId };
    const applied = await outcome(wx.v3.refund.domestic.refunds.post(byId, { headers: inPublicKeyMode }));
    const again = await outcome(wx.v3.refund.domestic.refunds.post(byId));
    const hasty = await outcome(wx.v3.refund.domestic.refunds.post(refund('NODE00000006', 'R-NODE-2', url)));
    await until(() => seen.length >= 2);
    const queried = await outcome(wx.v3.refund.domestic.refunds._out_refund_no_.get({ out_refund_no: 'R-NODE-1' }));
    const unknown = await outcome(wx.v3.refund.domestic.refunds._out_refund_no_.get({ out_refund_no: 'R-NODE-9' }));
    const paid = await outcome(wx.v3.pay.transactions.id._transaction_id_.get({ params: { mchid: merchant.mchid }, transaction_id: transactionId }));
    server.close();
    server.closeAllConnections();
    return { unpaid, applied, again, hasty, queried, unknown, paid, seen };
  },

  async abnormalRefund() {
    const wx = client();
    await wx.v3.pay.transactions.jsapi.post(order('NODE00000007', nowhere));
    await admin('orders/NODE00000007/pay');
    await admin('faults', { kind: 'refundAbnormal' });
    await wx.v3.refund.domestic.refunds.post(refund('NODE00000007', 'R-NODE-3', nowhere));
    const ask = () => outcome(wx.v3.refund.domestic.refunds._out_refund_no_.get({ out_refund_no: 'R-NODE-3' }));
    let stuck = await ask();
    for (let i = 0; i < 100 && stuck.data.status === 'PROCESSING'; i++) stuck = await ask();
    const holder = (text) => Rsa.encrypt(text, keys[merchant.platformCertificateSerial]);
    const applied = await outcome(wx.v3.refund.domestic.refunds._refund_id_.applyAbnormalRefund.post(
      { out_refund_no: 'R-NODE-3', type: 'USER_BANK_CARD', bank_type: 'ICBC_DEBIT', bank_account: holder('6222020000000000000'), real_name: holder('王建国') },
      { refund_id: stuck.data.refund_id, headers: { 'Wechatpay-Serial': merchant.platformCertificateSerial } },
    ));
    return { stuck, applied };
  },

  // No SDK here: the push is opened with nothing but Node's own cryptography.
  async push() {
    const [token, aesKey] = ['OwnerPayPush', 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'];
    const key = Buffer.from(`${aesKey}=`, 'base64');
    const seen = [];
    const sha1 = (...parts) => createHash('sha1').update(parts.sort().join('')).digest('hex');
    const server = createServer(async (request, response) => {
      const q = Object.fromEntries(new URL(request.url, merchant.baseUrl).searchParams);
      const genuine = q.signature === sha1(token, q.timestamp, q.nonce);
      if (request.method === 'GET') return response.end(genuine ? q.echostr : '');
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { ToUserName: to, Encrypt: encrypt } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
      const plain = Buffer.concat([decipher.update(encrypt, 'base64'), decipher.final()]);
      const body = plain.subarray(0, plain.length - plain[plain.length - 1]);
      const length = body.readUInt32BE(16);
      seen.push({
        to, genuine: genuine && q.msg_signature === sha1(token, q.timestamp, q.nonce, encrypt), appid: body.subarray(20 + length).toString(),
        event: JSON.parse(body.subarray(20, 20 + length).toString('utf8')),
      });
      return response.end('success');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${server.address().port}/push`;
    const saved = await fetch(`${merchant.baseUrl}/admin/push`, {
      method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url, token, encodingAesKey: aesKey }),
    });
    await admin('users/oOwNr5PaY0tEsT1uSeR2aBcDeFgH/subscriptions', { accept: ['T1'] });
    await until(() => seen.length >= 1);
    server.close();
    server.closeAllConnections();
    return { saved: saved.status, seen };
  },

  async bill() {
    const wx = client();
    const [, , , , day, kind = 'tradebill', type = 'ALL'] = process.argv;
    const params = { bill_date: day, tar_type: 'GZIP', ...(kind === 'tradebill' ? { bill_type: type } : { account_type: type }) };
    const applied = await outcome(wx.v3.bill[kind].get({ params }));
    if (applied.status !== 200) return { applied };
    const { pathname, searchParams } = new URL(applied.data.download_url);
    const file = await wx.v3.billdownload.file.get({ params: Object.fromEntries(searchParams), responseType: 'arraybuffer', transformResponse: [(bytes) => bytes] });
    const plain = gunzipSync(file.data);
    return { applied, pathname, sha1: createHash('sha1').update(plain).digest('hex'), lines: plain.toString('utf8').split('\n') };
  },
};

console.log(JSON.stringify(await scenarios[process.argv[3]]()));
