"""A small XTTS GPT for training. Its tensors have the names and layouts of the published checkpoint's `gpt.*`."""

import torch
from torch import nn
from torch.nn import functional as F

LATENTS = 32  # outputs of the perceiver for a reference clip
TEXT_POSITIONS, CODE_POSITIONS = 404, 608


class TransposedLinear(nn.Module):
    """GPT-2's linear layer, stored [inputs, outputs]."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs) * 0.02)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return F.linear(x, self.weight.t(), self.bias)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.c_attn, self.c_proj = TransposedLinear(width, 3 * width), TransposedLinear(width, width)

    def forward(self, prefix, x, voices, mask, dropout, guide=None):
        """prefix [V, 32, D] and x [B, T, D] to the same shapes, and the guide's loss for this layer's first head.

        The prefix comes before x in the sequence, and utterance b uses prefix voices[b]. mask [B, 1, T, 32 + T].
        """
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        first_q, first_k, first_v = map(split, self.c_attn(prefix).chunk(3, -1))
        first = F.scaled_dot_product_attention(first_q, first_k, first_v, is_causal=True, dropout_p=dropout)
        q, k, v = map(split, self.c_attn(x).chunk(3, -1))
        k, v = torch.cat((first_k[voices], k), 2), torch.cat((first_v[voices], v), 2)
        y = F.scaled_dot_product_attention(q, k, v, mask, dropout_p=dropout)
        loss = guide(q[:, 0], k[:, 0], mask) if guide else None
        join = lambda y: self.c_proj(y.transpose(1, 2).flatten(2))
        return join(first), join(y), loss


class MLP(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc, self.c_proj = TransposedLinear(width, 4 * width), TransposedLinear(4 * width, width)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.attn = nn.LayerNorm(width), Attention(width, heads)
        self.ln_2, self.mlp = nn.LayerNorm(width), MLP(width)

    def forward(self, prefix, x, voices, mask, dropout, guide=None):
        first, y, loss = self.attn(self.ln_1(prefix), self.ln_1(x), voices, mask, dropout, guide)
        prefix, x = prefix + F.dropout(first, dropout), x + F.dropout(y, dropout)
        feed = lambda z: z + F.dropout(self.mlp(self.ln_2(z)), dropout)
        return feed(prefix), feed(x), loss


class Backbone(nn.Module):
    def __init__(self, layers, width, heads):
        super().__init__()
        self.h = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)

    def forward(self, prefix, x, voices, mask, dropout, guide=None, guided=()):
        losses = []
        for number, block in enumerate(self.h):
            prefix, x, loss = block(prefix, x, voices, mask, dropout, guide if number in guided else None)
            losses += [] if loss is None else [loss]
        return self.ln_f(x), sum(losses) / max(1, len(losses))


class ConditioningAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        groups = 32 if width > 64 else 16 if width > 16 else 8
        while width % groups:
            groups //= 2
        self.heads, self.norm = heads, nn.GroupNorm(groups, width)
        self.qkv, self.proj_out = nn.Conv1d(width, 3 * width, 1), nn.Conv1d(width, width, 1)
        nn.init.zeros_(self.proj_out.weight)
        nn.init.zeros_(self.proj_out.bias)

    def forward(self, x):
        x = self.norm(x)
        batch, width, frames = x.shape
        heads = self.qkv(x).view(batch * self.heads, 3 * width // self.heads, frames).transpose(1, 2)
        y = F.scaled_dot_product_attention(*heads.chunk(3, -1))
        return x + self.proj_out(y.transpose(1, 2).reshape(batch, width, frames))


class ConditioningEncoder(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.init = nn.Conv1d(80, width, 1)
        self.attn = nn.Sequential(*[ConditioningAttention(width, heads) for _ in range(6)])

    def forward(self, mel):
        return self.attn(self.init(mel))


class GEGLU(nn.Module):
    def forward(self, x):
        x, gate = x.chunk(2, -1)
        return F.gelu(gate) * x


class CrossAttention(nn.Module):
    def __init__(self, width, heads=8, head_width=64):
        super().__init__()
        inner = heads * head_width
        self.heads, self.to_q = heads, nn.Linear(width, inner, False)
        self.to_kv, self.to_out = nn.Linear(width, 2 * inner, False), nn.Linear(inner, width, False)

    def forward(self, x, context):
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        keys, values = self.to_kv(torch.cat((x, context), 1)).chunk(2, -1)
        y = F.scaled_dot_product_attention(split(self.to_q(x)), split(keys), split(values))
        return self.to_out(y.transpose(1, 2).flatten(2))


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.normalize(x, dim=-1) * x.shape[-1] ** 0.5 * self.gamma


class Perceiver(nn.Module):
    def __init__(self, width):
        super().__init__()
        inner = int(width * 4 * 2 / 3)
        feed = lambda: nn.Sequential(nn.Linear(width, 2 * inner), GEGLU(), nn.Linear(inner, width))
        self.latents = nn.Parameter(torch.randn(LATENTS, width) * 0.02)
        self.layers = nn.ModuleList(nn.ModuleList([CrossAttention(width), feed()]) for _ in range(2))
        self.norm = RMSNorm(width)

    def forward(self, context):
        x = self.latents.expand(context.shape[0], -1, -1)
        for attend, feed in self.layers:
            x = attend(x, context) + x
            x = feed(x) + x
        return self.norm(x)


class Positions(nn.Module):
    def __init__(self, count, width):
        super().__init__()
        self.emb = nn.Embedding(count, width)
        nn.init.normal_(self.emb.weight, std=0.02)

    def forward(self, count):
        return self.emb.weight[:count]


class GPT(nn.Module):
    def __init__(self, text_tokens, audio_codes, layers, width, heads):
        super().__init__()
        self.conditioning_encoder = ConditioningEncoder(width, heads)
        self.conditioning_perceiver = Perceiver(width)
        self.text_embedding, self.mel_embedding = nn.Embedding(text_tokens, width), nn.Embedding(audio_codes, width)
        self.gpt = Backbone(layers, width, heads)
        self.mel_pos_embedding = Positions(CODE_POSITIONS, width)
        self.text_pos_embedding = Positions(TEXT_POSITIONS, width)
        self.final_norm = nn.LayerNorm(width)
        self.text_head, self.mel_head = nn.Linear(width, text_tokens), nn.Linear(width, audio_codes)
        for embedding in (self.text_embedding, self.mel_embedding):
            nn.init.normal_(embedding.weight, std=0.02)

    def conditioning(self, mel):
        """Log-mel [B, 80, frames], normalised, to latents [B, 32, D]."""
        return self.conditioning_perceiver(self.conditioning_encoder(mel).transpose(1, 2))

    def forward(self, latents, text, codes, text_counts=None, dropout=0.0, guide=None, guided=(), voices=None):
        """(hidden [B, N, D], the guide's loss): the state that predicts each next code.

        latents [V, 32, D]: utterance b uses those of voices[b] (default: those of index b), so that all utterances of a
        voice share one computation. text [B, T] with start and stop tokens; codes [B, N] with the start code first;
        text_counts [B] if texts are padded: no position attends to the padding.
        """
        if voices is None:
            voices = torch.arange(len(text), device=text.device)
        mask = self._mask(text_counts, *text.shape, codes.shape[1])
        text = self.text_embedding(text) + self.text_pos_embedding(text.shape[1])
        codes = self.mel_embedding(codes) + self.mel_pos_embedding(codes.shape[1])
        prefix, x = F.dropout(latents, dropout), F.dropout(torch.cat((text, codes), 1), dropout)
        x, loss = self.gpt(prefix, x, voices, mask, dropout, guide, guided)
        return self.final_norm(x[:, -codes.shape[1] :]), loss

    def _mask(self, text_counts, batch, text_length, code_length):
        """[B, 1, T + N, 32 + T + N]: true where a text or code position attends to another position."""
        at = torch.arange(LATENTS + text_length + code_length, device=self.text_head.weight.device)
        if text_counts is None:
            text_counts = torch.full((batch,), text_length, device=at.device)
        there = (at < LATENTS + text_counts[:, None]) | (at >= LATENTS + text_length)
        rows = at[LATENTS:, None]
        # A padded position may attend to itself, so that no row is empty.
        return ((at <= rows) & (there[:, None] | (at == rows)))[:, None]


class AttentionGuide:
    """The loss that trains one head of a layer to attend to the letters that are spoken next.

    A call takes the head's queries [B, T + N, head] of text and codes and its keys [B, 32 + T + N, head]. It returns
    -log of each code's attention to the text within `reach` tokens of the teacher's position, averaged over the counted
    codes.
    """

    def __init__(self, places, counted, text_length, reach=2):
        """places [B, N] float, the text token of each code; counted [B, N] bool."""
        self.places, self.counted, self.text_length, self.reach = places, counted, text_length, reach

    def __call__(self, queries, keys, mask):
        with torch.autocast(queries.device.type, enabled=False):
            return self._missed(queries.float(), keys.float(), mask)

    def _missed(self, queries, keys, mask):
        first = LATENTS + self.text_length
        scores = (queries[:, self.text_length :] @ keys.transpose(1, 2)) * queries.shape[-1] ** -0.5
        scores = scores.masked_fill(~mask[:, 0, self.text_length :], -torch.inf)
        column = torch.arange(scores.shape[2], device=scores.device)
        near = (column - LATENTS - self.places[..., None]).abs() <= self.reach
        near = near & (column >= LATENTS) & (column < first)
        wanted = scores.masked_fill(~near, -torch.inf).logsumexp(-1)
        return ((scores.logsumexp(-1) - wanted) * self.counted).sum() / self.counted.sum()
