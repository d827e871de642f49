"""The language server: what an editor holds in, what the layers below say of it out."""
